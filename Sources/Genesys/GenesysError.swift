/// A request to Genesys Cloud that failed for good: what could be mended by waiting or by a new token was tried.
public struct GenesysError: Error, Sendable {
    /// What the caller can do about it.
    public enum Kind: Sendable {
        /// A setting is wrong; nothing was sent.
        case misconfigured
        /// The client id, the secret or the token is not accepted.
        case unauthorized
        /// The client lacks permissions, see `missingPermissions`.
        case forbidden
        /// The object is not there, or in a division that the client does not reach.
        case notFound
        /// The request contradicts the state of the server.
        case conflict
        /// The request is not accepted as it is and never will be (400, 413, 415 and the like).
        case refused
        /// The server is overloaded or down, or turned us away by its rate limit, for longer than we wait: try later.
        case unavailable
        /// The server failed in a way that a repeat is not expected to mend (500).
        case serverFailure
        /// There was no answer, for as long as we tried.
        case transport
        /// There was an answer, but not one of the API.
        case unexpectedAnswer
    }

    /// The limit that a request would have exceeded.
    public struct Limit: Sendable, Equatable {
        public let key: String?
        public let namespace: String?
        public let value: String?
    }

    /// What was tried, in words.
    public let operation: String
    public let kind: Kind
    /// What went wrong in our words, or the server's where they can hold nothing but names of settings; safe to log.
    public let message: String
    /// What to do next, if anything is known to help.
    public let hint: String?
    public let status: Int?
    /// The server's stable name for the error, for example `invalid.contact.columns`.
    public let code: String?
    /// The server's id of the request, for questions to the vendor's support.
    public let correlationID: String?
    /// For `forbidden`: any or all of these are needed, depending on the operation.
    public let missingPermissions: [String]
    public let limit: Limit?
    /// The server's own words; they may repeat values of a contact, so they are for `debugDescription` only.
    public let serverMessage: String?
    /// Whether the server may have done what was asked although the request failed.
    public let mayHaveTakenEffect: Bool

    init(
        operation: String,
        kind: Kind,
        message: String,
        hint: String? = nil,
        status: Int? = nil,
        code: String? = nil,
        correlationID: String? = nil,
        missingPermissions: [String] = [],
        limit: Limit? = nil,
        serverMessage: String? = nil,
        mayHaveTakenEffect: Bool = false
    ) {
        self.operation = operation
        self.kind = kind
        self.message = message
        self.hint = hint
        self.status = status
        self.code = code
        self.correlationID = correlationID
        self.missingPermissions = missingPermissions
        self.limit = limit
        self.serverMessage = serverMessage
        self.mayHaveTakenEffect = mayHaveTakenEffect
    }

    /// Status and code without the operation: what an event shows.
    var summary: String {
        guard let status else { return message }
        return statusName(status)
    }
}

extension GenesysError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        var text = "\(operation): \(message)"
        if let limit {
            text += "; limit \(limit.key ?? "unnamed")" + (limit.value.map { " is \($0)" } ?? "")
        }
        if let correlationID {
            text += " (request \(correlationID))"
        }
        if let hint {
            text += "; \(hint)"
        }
        return text
    }

    /// With the server's own words, which may contain personal data: not for logs.
    public var debugDescription: String {
        description + (serverMessage.map { "; the server says: \($0)" } ?? "")
    }
}

/// The status with its name where it has a common one, for example `429 Too Many Requests`.
func statusName(_ status: Int) -> String {
    let names = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout",
        409: "Conflict", 413: "Content Too Large", 415: "Unsupported Media Type", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
    return names[status].map { "\(status) \($0)" } ?? "status \(status)"
}
