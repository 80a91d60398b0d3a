/// A fault to inject, how often, and where.
///
/// As JSON, at `/simulator/faults`: keys in snake_case, an absent key means the default, an unknown one is refused.
public struct Fault: Sendable, Equatable, Codable {
    /// What goes wrong.
    ///
    /// Faults are said to strike before or after effect: before or after the request did its work.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// 429 with `Retry-After`; for token requests the 400 that the login host answers instead.
        case tooManyRequests = "too_many_requests"
        /// 500 before effect.
        case internalError = "internal_error"
        /// 502 with an HTML page before effect, as from a gateway.
        case badGateway = "bad_gateway"
        /// 503 before effect.
        case serviceUnavailable = "service_unavailable"
        /// 504 before effect.
        case timeoutBefore = "timeout_before"
        /// 504 after effect: the client cannot tell it from the one before.
        case timeoutAfter = "timeout_after"
        /// The connection is closed without an answer, before effect.
        case dropBefore = "drop_before"
        /// The connection is closed without an answer, after effect.
        case dropAfter = "drop_after"
        /// The request waits before it is worked on. May go together with one of the others.
        case slow
        /// The token of the request dies: 401, until the client gets a new one.
        case tokenDeath = "token_death"
    }

    /// The requests that a fault may strike.
    public enum Paths: String, Sendable, Codable {
        case contactPosts = "contact_posts"
        /// Every path below `/api/v2`.
        case api
        /// `POST /oauth/token`.
        case token
    }

    public var kind: Kind
    /// The part of the requests that are struck, from 0 to 1.
    public var rate: Double
    /// How many requests on its paths it leaves alone before it strikes one.
    public var after: Int
    /// How many requests it may still strike; nil knows no end.
    public var count: Int?
    public var paths: Paths
    /// What `Retry-After` says, for `tooManyRequests`.
    public var retryAfterSeconds: Int
    /// How long a request waits, for `slow`.
    public var milliseconds: Int

    public init(
        _ kind: Kind,
        rate: Double = 1,
        after: Int = 0,
        count: Int? = nil,
        paths: Paths = .contactPosts,
        retryAfterSeconds: Int = 1,
        milliseconds: Int = 1_000
    ) {
        self.kind = kind
        self.rate = rate
        self.after = after
        self.count = count
        self.paths = paths
        self.retryAfterSeconds = retryAfterSeconds
        self.milliseconds = milliseconds
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(try values.decode(Kind.self, forKey: .kind))
        rate = try values.decodeIfPresent(Double.self, forKey: .rate) ?? rate
        after = try values.decodeIfPresent(Int.self, forKey: .after) ?? after
        count = try values.decodeIfPresent(Int.self, forKey: .count)
        paths = try values.decodeIfPresent(Paths.self, forKey: .paths) ?? paths
        retryAfterSeconds = try values.decodeIfPresent(Int.self, forKey: .retryAfterSeconds) ?? retryAfterSeconds
        milliseconds = try values.decodeIfPresent(Int.self, forKey: .milliseconds) ?? milliseconds
        guard (0...1).contains(rate) else {
            throw DecodingError.dataCorruptedError(
                forKey: .rate,
                in: values,
                debugDescription: "must be from 0 to 1, got \(rate)"
            )
        }
        let numbers: [(CodingKeys, Int)] = [
            (.after, after), (.count, count ?? 0), (.retryAfterSeconds, retryAfterSeconds),
            (.milliseconds, milliseconds),
        ]
        let limit = 1_000_000_000
        for (key, number) in numbers where !(0...limit).contains(number) {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: values,
                debugDescription: "must be from 0 to \(limit), got \(number)"
            )
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case rate
        case after
        case count
        case paths
        case retryAfterSeconds = "retry_after_seconds"
        case milliseconds
    }
}
