internal import RollcallCore

/// Rows that are there already, as if a source gave them.
actor BatchReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int?
    private let rows: Batch
    private var isRead = false

    init(_ rows: Batch) {
        schema = rows.schema
        estimatedRowCount = rows.rowCount
        self.rows = rows
    }

    func next(atMost rowCount: Int) -> Batch? {
        defer { isRead = true }
        return isRead ? nil : rows
    }

    func rewind() -> Bool {
        isRead = false
        return true
    }

    func finalPosition() -> Position? { nil }
    func close() {}
}
