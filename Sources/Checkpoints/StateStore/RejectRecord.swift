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
    /// Whether it was refused as often as the pipeline allows: it is tried again once it has changed, or when somebody wants it.
    ///
    /// What a transform refuses is not sent, so it is tried whenever it is read; that is always where there is no checkpoint.
    public let isGivenUp: Bool
    /// Why it is no reject any more; nil while it is one.
    public let closed: ClosedReject.Reason?
    public let first: Date
    public let last: Date
}

extension RejectRecord {
    /// What `init(_:)` reads.
    static let columns = """
        reject.stage, reject.key, reject.code, reject.reason, reject.run, reject.attempts,
        array_to_json(reject.key_values) AS key_values,
        encode(reject.payload, 'hex') AS payload, reject.closed_by,
        reject.closed_at IS NULL AND (reject.attempts >= pipeline.max_attempts) IS TRUE AND (
            reject.content IS NOT NULL
            OR EXISTS (SELECT FROM rollcall.checkpoint WHERE checkpoint.pipeline = pipeline.id)
        ) AS is_given_up,
        extract(epoch FROM reject.first_at) AS first, extract(epoch FROM reject.last_at) AS last
        """

    init(_ row: PostgresRow) throws {
        reject = Reject(
            try row.choice("stage"),
            named: try row.value("key"),
            keyValues: try row["key_values"].map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) },
            code: try row.value("code"),
            reason: try row.value("reason"),
            payload: try row["payload"].flatMap(Hexadecimal.bytes)
        )
        closed = try row["closed_by"].flatMap(ClosedReject.Reason.init)
        run = try row.value("run")
        attempts = try row.value("attempts")
        isGivenUp = try row.value("is_given_up")
        first = try row.time("first")
        last = try row.time("last")
    }
}
