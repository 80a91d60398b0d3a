internal import RollcallCore

/// The source's key columns of a batch, all rows as they were read.
struct KeyColumns: Sendable {
    let columns: [Column]

    /// Columns that the batch has not are left out.
    init(_ names: [String], of batch: Batch) {
        columns = names.compactMap { name in batch.schema.index(of: name).map { batch.columns[$0] } }
    }

    /// As rejects keep them.
    func values(of row: Int) -> [String] { columns.map { $0[row] ?? "NULL" } }

    /// How many rows nobody knows whose they are: those that could not be read, key and all, and those without a key.
    func unidentified(in batch: Batch) -> Int {
        batch.unreadable.count { $0.keyValues == nil }
            + (0..<batch.rowCount).count { row in columns.contains { $0.cells[row].count == 0 } }
    }

    /// Whether a row has nothing in any column of its key.
    var hasRowWithoutKey: Bool {
        guard let first = columns.first else { return false }
        return first.cells.indices.contains { row in columns.allSatisfy { $0.cells[row].count == 0 } }
    }

    /// As rejects are called.
    func name(of row: Int) -> String { Reject.name(of: values(of: row)) }
}
