internal import PostgresClient

/// How a pipeline stands.
public struct PipelineStatus: Sendable, Hashable {
    public let pipeline: String
    /// Nil before the first run.
    public let lastRun: RunRecord?
    /// Nil where the next run begins anew.
    public let checkpoint: Checkpoint?
    /// Who runs it now.
    public let holder: LeaseHolder?
    /// How many rows are kept that did not reach the list.
    public let rejects: Int
}

extension PipelineStatus {
    init(_ row: PostgresRow) throws {
        pipeline = try row.value("pipeline")
        lastRun = try row["run"] == nil ? nil : RunRecord(row)
        checkpoint = try Checkpoint(row)
        holder = try row.value("is_held") ? LeaseHolder(row) : nil
        rejects = try row.value("rejects")
    }
}
