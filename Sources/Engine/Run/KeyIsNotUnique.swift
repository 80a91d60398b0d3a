internal import PostgresCheckpoints
internal import RollcallCore

/// Two rows of one key say different things: no run may go on behind them.
struct KeyIsNotUnique: Error {}

extension RollcallError {
    /// Two rows with one key and different contacts, or of which one did not pass: the ledger could tell neither what has left nor whom
    /// to erase, and of a yes and a no nobody knows which counts.
    ///
    /// - Parameters:
    ///   - key: Its values.
    ///   - sources: Where the rows are from.
    /// - Returns: The error that ends the run.
    static func keyIsNotUnique(_ key: [String?], _ sources: SourceList) -> RollcallError {
        let name = Reject.name(of: key.map { $0 ?? "NULL" })
        return RollcallError(
            .fatal,
            """
            `key` does not tell rows apart: two rows have the \(sources.keyColumns.joined(separator: ", ")) \(name), \
            and make different contacts, or one of them is filtered out, refused or unreadable
            """,
            hint: """
                where rows of one key are one person, as in a history or in files of several days, let a `dedupe` on it be the first \
                step: `keep: last`. Else name all columns of the primary key in the source's `key`. Rows of several `sources` are \
                told apart by `source_column`
                """,
            at: sources.location,
            cause: KeyIsNotUnique()
        )
    }

    /// The same of a row of a batch with these key columns.
    static func keyIsNotUnique(_ row: Int, _ key: [PinnedColumn], _ sources: SourceList) -> RollcallError {
        keyIsNotUnique(key.map { $0.text(row) }, sources)
    }
}
