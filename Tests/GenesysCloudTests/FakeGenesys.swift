import GenesysCloud
import HTTPTestSupport
import Synchronization
import Testing

/// A scripted API with a token service that, unless told otherwise, grants `token-1`, `token-2` and so on for a day.
final class FakeGenesys: Sendable {
    let server: ScriptedServer

    /// Answers the n-th request of the API, from 0, by the script.
    init(
        token: (@Sendable (Int) -> Reply)? = nil,
        api: @escaping @Sendable (_ number: Int, _ request: ReceivedRequest) -> Reply
    ) throws {
        let counts = Counts()
        server = try ScriptedServer { request in
            if request.path == "/oauth/token" {
                let number = counts.next(\.tokens)
                return token?(number) ?? Self.grant("token-\(number + 1)")
            }
            return api(counts.next(\.calls), request)
        }
    }

    /// Answers the n-th request of the API with the n-th reply, and every further one with the last.
    convenience init(_ first: Reply, _ more: Reply...) throws {
        let replies = [first] + more
        try self.init { number, _ in replies[min(number, replies.count - 1)] }
    }

    static func grant(_ token: String, lifetimeSeconds: Int = 86_400) -> Reply {
        Reply(200, #"{"access_token":"\#(token)","token_type":"bearer","expires_in":\#(lifetimeSeconds)}"#)
    }

    var tokenRequests: [ReceivedRequest] { server.requests.filter { $0.path == "/oauth/token" } }
    var calls: [ReceivedRequest] { server.requests.filter { $0.path != "/oauth/token" } }

    func client(
        clock: TestClock = TestClock(jumps: true),
        retry: RetrySettings = RetrySettings(),
        requestTimeout: Duration = .seconds(20),
        observer: @escaping GenesysObserver = { _ in }
    ) throws -> GenesysClient {
        let configuration = GenesysConfiguration(
            endpoint: GenesysEndpoint(baseURL: server.url),
            credentials: GenesysCredentials(clientID: "client-7", clientSecret: "open sesame"),
            retry: retry,
            requestTimeout: requestTimeout,
            jitterSeed: 1
        )
        return try GenesysClient(configuration, clock: clock, observer: observer)
    }
}

private final class Counts: Sendable {
    struct State {
        var tokens = 0
        var calls = 0
    }

    private let state = Mutex(State())

    func next(_ count: WritableKeyPath<State, Int>) -> Int {
        state.withLock { state in
            defer { state[keyPath: count] += 1 }
            return state[keyPath: count]
        }
    }
}

/// Keeps the events of a client.
final class EventLog: Sendable {
    private let log = Mutex<[GenesysEvent]>([])

    var events: [GenesysEvent] { log.withLock { $0 } }
    var texts: [String] { events.map(\.description) }
    var observer: GenesysObserver { { event in self.log.withLock { $0.append(event) } } }
}

/// Runs the request and returns the error that it must end with.
func failure<Value>(_ send: () async throws -> Value) async throws -> GenesysError {
    try #require(await #expect(throws: GenesysError.self) { _ = try await send() })
}
