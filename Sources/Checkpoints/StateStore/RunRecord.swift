public import Foundation
internal import PostgresClient
public import RollcallCore

/// A run as it was recorded.
public struct RunRecord: Sendable, Hashable {
    /// How far a run has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case running
        case done
        case stopped
        case failed
        /// Its process ended, or was taken for dead, before it could say how the run ended.
        case interrupted
    }

    public let id: Int
    public let pipeline: String
    public let state: State
    /// By the database's clock, as all times here.
    public let started: Date
    /// Nil while it runs; of an interrupted run, when that was noticed, and nil until then.
    public let ended: Date?
    /// What was recorded.
    public let balance: Balance
    /// Why it failed.
    public let error: String?

    /// Rows that did not reach the list.
    public var rejects: Int { balance.invalid + balance.rejected }
}

extension RunRecord {
    /// What `init(_:)` reads, for a query of `run`, `pipeline`, and `lease` as joined by `joinedLease`.
    static let columns = """
        run.id AS run, pipeline.name AS pipeline, run.error,
        CASE WHEN run.state = 'running' AND NOT \(LeaseHolder.isAlive) THEN 'interrupted' ELSE run.state END AS state,
        extract(epoch FROM run.started_at) AS started, extract(epoch FROM run.ended_at) AS ended,
        run.read, run.filtered, run.invalid, run.duplicate, run.unchanged, run.delivered, run.rejected,
        run.removed, run.remaining
        """

    init(_ row: PostgresRow) throws {
        id = try row.value("run")
        pipeline = try row.value("pipeline")
        state = try row.choice("state")
        started = try row.time("started")
        ended = try row.optionalTime("ended")
        error = try row.optional("error")
        var balance = Balance()
        balance.read = try row.value("read")
        balance.filtered = try row.value("filtered")
        balance.invalid = try row.value("invalid")
        balance.duplicate = try row.value("duplicate")
        balance.unchanged = try row.value("unchanged")
        balance.delivered = try row.value("delivered")
        balance.rejected = try row.value("rejected")
        balance.removed = try row.value("removed")
        balance.remaining = try row.value("remaining")
        self.balance = balance
    }
}
