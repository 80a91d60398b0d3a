/// What a client needs to know.
public struct GenesysConfiguration: Sendable {
    public var endpoint: GenesysEndpoint
    public var credentials: GenesysCredentials
    public var retry: RetrySettings
    /// Limit for one attempt at a request, answer included.
    public var requestTimeout: Duration
    public var connectTimeout: Duration
    public var userAgent: String
    /// A file of trusted certificate authorities (PEM) in place of the system's, for an intercepting proxy.
    public var certificateAuthorities: String?
    /// Makes the random part of the pauses repeatable; left out, it differs from client to client.
    public var jitterSeed: UInt64

    public init(
        endpoint: GenesysEndpoint,
        credentials: GenesysCredentials,
        retry: RetrySettings = RetrySettings(),
        requestTimeout: Duration = .seconds(60),
        connectTimeout: Duration = .seconds(10),
        userAgent: String = "GenesysCloud-Swift",
        certificateAuthorities: String? = nil,
        jitterSeed: UInt64 = .random(in: 0 ... .max)
    ) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.retry = retry
        self.requestTimeout = requestTimeout
        self.connectTimeout = connectTimeout
        self.userAgent = userAgent
        self.certificateAuthorities = certificateAuthorities
        self.jitterSeed = jitterSeed
    }
}
