/// An HTTP/1.1 client on libcurl: all transfers run on one thread of its own and share its kept-alive connections.
///
/// TLS certificates are always verified; compressed answers are asked for and unpacked; proxies come from the usual
/// environment variables (`https_proxy`, `no_proxy`). The thread ends with `shutdown()`, or when the client is released.
public final class HTTPClient: Sendable {
    /// What all requests of a client have in common.
    public struct Configuration: Sendable {
        public var userAgent: String
        /// An answer that is larger, compressed or after unpacking, fails with `HTTPError.Code.answerTooLarge`.
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
        let ticket = TransferTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.start(Transfer(request: request, ticket: ticket, continuation: continuation))
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
