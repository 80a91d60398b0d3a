public import Foundation
internal import PostgresClient
public import RollcallCore

/// A row that did not reach the list, as often as that happened.
public struct RejectRecord: Sendable, Hashable {
    /// With the last code and reason.
    public let reject: Reject
    /// The last run in which it was refused.
    public let run: Int
    /// How many times it was refused.
    public let attempts: Int
    public let first: Date
    public let last: Date
}

extension RejectRecord {
    /// What `init(_:)` reads.
    static let columns = """
        reject.stage, reject.key, reject.code, reject.reason, reject.run, reject.attempts,
        extract(epoch FROM reject.first_at) AS first, extract(epoch FROM reject.last_at) AS last
        """

    init(_ row: PostgresRow) throws {
        reject = Reject(
            try row.choice("stage"),
            key: try row.value("key"),
            code: try row.value("code"),
            reason: try row.value("reason")
        )
        run = try row.value("run")
        attempts = try row.value("attempts")
        first = try row.time("first")
        last = try row.time("last")
    }
}
