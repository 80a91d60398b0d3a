internal import PostgresCheckpoints
internal import RollcallCore

/// Two rows of one key say different things: no run may go on behind them.
struct KeyIsNotUnique: Error {}

extension RollcallError {
    /// Two rows with one key and different contacts, or of which one did not pass: the ledger could tell neither what has left nor whom
    /// to erase, and of a yes and a no nobody knows which counts.
    ///
    /// - Parameters:
    ///   - key: Its values, as rejects are called by them.
    ///   - sources: Where the rows are from.
    /// - Returns: The error that ends the run.
    static func keyIsNotUnique(_ key: [String], _ sources: SourceList) -> RollcallError {
        RollcallError(
            .fatal,
            """
            `key` does not tell rows apart: two rows have the \(sources.keyColumns.joined(separator: ", ")) \(Reject.name(of: key)), \
            and make different contacts, or one of them is filtered out, refused or unreadable
            """,
            hint: """
                name all columns of the primary key in the source's `key`; the sink's `key` may be another column. Where rows are to \
                have one key, as in files of several days, let a `dedupe` on it be the first step. Rows of several `sources` are told \
                apart by `source_column`
                """,
            at: sources.location,
            cause: KeyIsNotUnique()
        )
    }

    /// The same of a row of a batch with these key columns.
    static func keyIsNotUnique(_ row: Int, _ key: [PinnedColumn], _ sources: SourceList) -> RollcallError {
        keyIsNotUnique(key.map { $0.text(row) ?? "NULL" }, sources)
    }
}

extension Transformed {
    /// The rows of the source that did not come through, and were not refused.
    func filteredRows(of source: Batch) -> [Int] {
        guard batch.rowCount + invalid.count < source.rowCount else { return [] }
        var hasCome = Array(repeating: false, count: source.rowCount)
        for row in 0..<batch.rowCount { hasCome[batch.origin(of: row)] = true }
        for fault in invalid { hasCome[fault.row] = true }
        return hasCome.indices.filter { !hasCome[$0] }
    }
}
