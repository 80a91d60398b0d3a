/// One HTTP request, complete with its body.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// An absolute `http` or `https` URL.
    public var url: String
    /// Sent as given; `Content-Length`, `Host` and `User-Agent` are added by the client.
    public var headers: HTTPHeaders
    /// Kept alive until the transfer ends and read in place; it is not copied into the client.
    public var body: [UInt8]
    /// Limit for the whole exchange, from the look-up of the host to the last byte of the answer; `HTTPClient.receive`
    /// limits silence instead.
    public var timeout: Duration
    /// Limit for reaching the server: name look-up, TCP, TLS.
    public var connectTimeout: Duration
    /// How many redirects are followed; with 0 the answer is the redirect itself.
    public var maximumRedirects: Int
    /// Whether the client may send the request a second time when a kept-alive connection turns out to be dead.
    ///
    /// A server that closes an idle connection just as the request is sent has most likely not seen it, so repeating is
    /// what one wants, as long as a repeat does no harm. With `false` the request gets a connection of its own
    /// (a TCP and TLS handshake more) and is sent at most once.
    public var mayBeResent: Bool

    public init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        timeout: Duration = .seconds(60),
        connectTimeout: Duration = .seconds(10),
        maximumRedirects: Int = 0,
        mayBeResent: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumRedirects = maximumRedirects
        self.mayBeResent = mayBeResent
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// Method and URL, the latter without credentials, query and fragment; headers and body may hold secrets as well.
    public var description: String { "\(method.rawValue) \(redacted(url: url))" }
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "url": redacted(url: url)]) }
}
