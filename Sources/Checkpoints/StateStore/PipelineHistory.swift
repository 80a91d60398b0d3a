internal import PostgresClient

/// What earlier runs left behind for the next one, apart from the position.
public struct PipelineHistory: Sendable, Hashable {
    /// The destination that the ledger is about, such as the id of a contact list; nil before the first run.
    public let destination: String?
    /// Of the settings that shape rows, as the pass that is going on was begun with them.
    public let fingerprint: String?
    /// By the database's clock; nil where the source was never read from beginning to end.
    public let secondsSinceSweep: Double?
    /// Whether a person has said that the destination may be another one.
    public let mayMove: Bool
    /// Whether the run before this one has not come to the end of the source, so that this one goes on.
    public let isPassOpen: Bool
    /// Whether a pass from the beginning has not been made, or was of no consequence.
    public let isSweepOwed: Bool
    /// Entries in the stored segments, of contacts that have several too.
    public let ledgerEntryCount: Int
    public let ledgerSegmentCount: Int
    /// The key of this installation's digests; a secret.
    public let digestKey: [UInt8]
}

extension PipelineHistory {
    init(ofPipeline number: Int, _ session: PostgresSession) throws {
        let rows = try session.query(
            """
            SELECT destination, fingerprint, extract(epoch FROM clock_timestamp() - swept_at) AS seconds,
                may_move, is_pass_open, is_sweep_owed,
                (SELECT coalesce(sum(entry_count), 0) FROM rollcall.ledger WHERE pipeline = $1) AS entries,
                (SELECT count(*) FROM rollcall.ledger WHERE pipeline = $1) AS segments,
                (SELECT encode(digest_key, 'hex') FROM rollcall.install) AS digest_key
            FROM rollcall.pipeline WHERE id = $1
            """,
            [String(number)]
        )
        guard let row = rows.first, let key = Hexadecimal.bytes(of: try row.value("digest_key", as: String.self)) else {
            throw PostgresError(.decoding, "pipeline number \(number), or the key of the digests, is not there")
        }
        destination = try row.optional("destination")
        fingerprint = try row.optional("fingerprint")
        secondsSinceSweep = try row.optional("seconds")
        mayMove = try row.value("may_move")
        isPassOpen = try row.value("is_pass_open")
        isSweepOwed = try row.value("is_sweep_owed")
        ledgerEntryCount = try row.value("entries")
        ledgerSegmentCount = try row.value("segments")
        digestKey = key
    }
}
