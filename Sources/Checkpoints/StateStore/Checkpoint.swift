public import Foundation
internal import PostgresClient
public import RollcallCore

/// A position made durable: where the next run of a pipeline goes on.
public struct Checkpoint: Sendable, Hashable {
    public let position: Position
    /// The run that came there; nil where a person set it.
    public let run: Int?
    public let saved: Date
}

extension Checkpoint {
    /// What `init(_:)` reads.
    static let columns = """
        checkpoint.position, checkpoint.run AS checkpoint_run, extract(epoch FROM checkpoint.saved_at) AS saved
        """

    /// Nil where an outer join found none.
    init?(_ row: PostgresRow) throws {
        guard let json = try row["position"] else { return nil }
        position = Position(json: json)
        run = try row.optional("checkpoint_run")
        saved = try row.time("saved")
    }
}
