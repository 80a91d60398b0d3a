public import Logging

/// How a simulator starts.
///
/// Behaviour and faults can be changed later, on the running simulator.
public struct SimulatorOptions: Sendable {
    /// The permissions that an integration which loads contacts is given, unless a test says otherwise.
    public static let contactLoaderPermissions: Set<String> = [
        "outbound:contact:add", "outbound:contact:edit", "outbound:contact:view",
        "outbound:contactList:add", "outbound:contactList:edit", "outbound:contactList:view",
    ]

    /// The address to listen on.
    ///
    /// Anything but loopback opens the unauthenticated control paths to the network.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes any that is free.
    public var port = 0
    /// The id of the one OAuth client that is known.
    public var clientID = "rollcall-simulator"
    /// The secret of that client.
    public var clientSecret = "rollcall-simulator-secret"
    /// What the client may do, as `domain:entity:action`.
    public var permissions = Self.contactLoaderPermissions
    /// How long a token lives; the service's default is a day.
    public var tokenLifetime: Duration = .seconds(86_400)
    /// Requests a token may make in its fixed window of 60 seconds; 0 lifts the limit.
    public var requestsPerMinute = 300
    /// A larger request body is answered 413.
    public var maximumBodyBytes = 16 << 20
    /// Answers each contact POST with its own body and stores nothing: the other end of a benchmark.
    public var echoesContacts = false
    /// What the simulator does where the service's documentation leaves it open.
    public var behaviour = Behaviour()
    /// The faults to inject from the start.
    public var faults: [Fault] = []
    /// Where the draws of faults and the shuffling of responses begin.
    public var seed: UInt64 = 1
    /// The time behind rate windows, token lifetimes, delays and dates.
    public var clock: any Clock<Duration> = ContinuousClock()
    /// Takes the server's log lines; without one nothing is logged.
    public var logger: Logger?

    public init() {}
}
