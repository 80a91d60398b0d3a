/// An HTTP/1.1 client on libcurl: all transfers run on one thread of its own and share its kept-alive connections.
///
/// TLS certificates are always verified; compressed answers are asked for and unpacked; proxies come from the usual
/// environment variables (`https_proxy`, `no_proxy`). The thread ends with `shutdown()`, or when the client is released.
public final class HTTPClient: Sendable {
    /// What all requests of a client have in common.
    public struct Configuration: Sendable {
        public var userAgent: String
        /// An answer that is larger, compressed or after unpacking, fails with `HTTPError.Code.answerTooLarge`; it does
        /// not count for what `receive` hands over.
        public var maximumResponseBytes: Int
        /// Connections kept open for reuse; it should be no less than the requests that are under way at a time.
        public var maximumConnections: Int
        /// A file of trusted certificate authorities (PEM) in place of the system's.
        public var certificateAuthorities: String?

        public init(
            userAgent: String = "CurlHTTP",
            maximumResponseBytes: Int = 64 << 20,
            maximumConnections: Int = 64,
            certificateAuthorities: String? = nil
        ) {
            self.userAgent = userAgent
            self.maximumResponseBytes = maximumResponseBytes
            self.maximumConnections = maximumConnections
            self.certificateAuthorities = certificateAuthorities
        }
    }

    private let queue: TransferQueue

    public init(configuration: Configuration = Configuration()) throws {
        let queue = TransferQueue(multi: try MultiHandle(maximumConnections: configuration.maximumConnections))
        try startThread {
            TransferLoop.run(queue, configuration)
            queue.announceEnd()
        }
        self.queue = queue
    }

    deinit {
        queue.stop()
    }

    /// Sends the request and waits for the whole answer, of whatever status.
    ///
    /// - Throws: `HTTPError` if there was no complete answer, `CancellationError` if the task was cancelled: the transfer
    ///   is then taken down at once, and how much of it the server saw is not known.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await transfer(request, nil)
    }

    /// Sends the request and hands over the body of a success (2xx) while it arrives, whatever its size.
    ///
    /// `body` is called with one unpacked piece after the other, on the thread of all transfers: until it returns, no
    /// other request of this client moves on. It is not called any more once this function has returned. The body of any
    /// other status is kept as in `send`, so that the error can be read.
    ///
    /// - Parameters:
    ///   - request: its `timeout` does not apply, as a long download may be a healthy one.
    ///   - stallTimeout: how long not a byte may come before the transfer fails as timed out; counted in whole seconds,
    ///     from the start and then from when the mean of the last few seconds is zero.
    ///   - body: what it throws takes the transfer down and is thrown here.
    /// - Returns: the answer; its body is empty if it was handed over.
    /// - Throws: as `send`; then `body` may have got a part.
    public func receive(
        _ request: HTTPRequest,
        stallTimeout: Duration = .seconds(60),
        _ body: @escaping @Sendable (Span<UInt8>) throws -> Void
    ) async throws -> HTTPResponse {
        try await transfer(request, Download(stallTimeout: stallTimeout, receive: body))
    }

    private func transfer(_ request: HTTPRequest, _ download: Download?) async throws -> HTTPResponse {
        let ticket = TransferTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.start(
                    Transfer(request: request, download: download, ticket: ticket, continuation: continuation)
                )
            }
        } onCancel: {
            queue.cancel(ticket)
        }
    }

    /// Ends the client: transfers under way and later ones fail with `HTTPError.Code.shutDown`.
    ///
    /// Returns when every connection is closed. May be called more than once.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            queue.stop(whenDone: continuation)
        }
    }
}
