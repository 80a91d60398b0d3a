/// Receives what a client does on its own account; called on the task of the request, possibly several at a time.
public typealias GenesysObserver = @Sendable (GenesysEvent) -> Void

/// Something the client does on its own account, for a user interface or a log; holds no secret and no contact.
public enum GenesysEvent: Sendable, Equatable {
    /// A request failed and will be sent again.
    case retrying(Retry)
    /// The rate limit is reached: nothing is sent for this long.
    case pausing(Duration)
    /// A token was fetched, the first or a new one.
    case tokenFetched

    public struct Retry: Sendable, Equatable {
        /// What the request is for, in words.
        public let operation: String
        /// What went wrong: a status with its name, or the failure of the connection.
        public let reason: String
        public let delay: Duration
        /// Whether the delay is the server's (`Retry-After`).
        public let isAskedByServer: Bool
        /// The attempt that follows; a 429 does not count as one.
        public let attempt: Int
        public let maximumAttempts: Int
        /// The server's id of the failed request, for questions to the vendor's support.
        public let correlationID: String?
    }
}

extension GenesysEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .retrying(let retry):
            let asked = retry.isAskedByServer ? " as the server asked" : ""
            let request = retry.correlationID.map { ", request \($0)" } ?? ""
            return "\(retry.operation): \(retry.reason), retrying in \(inSeconds(retry.delay))\(asked) "
                + "(attempt \(retry.attempt) of \(retry.maximumAttempts)\(request))"
        case .pausing(let duration):
            return "the rate limit is reached, going on in \(inSeconds(duration))"
        case .tokenFetched:
            return "got an access token"
        }
    }
}

/// The duration with tenths of a second, if there are any.
func inSeconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let tenths = attoseconds / 100_000_000_000_000_000
    return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
}
