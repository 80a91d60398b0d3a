internal import RollcallCore

/// Makes a column value by value, in an arena of its own.
struct ColumnBuilder {
    private var arena: [UInt8] = []
    private var cells: [Cell] = []

    /// - Parameters:
    ///   - rowCount: How many values are to come.
    ///   - byteCount: About how many bytes they have.
    init(rowCount: Int, byteCount: Int = 0) {
        cells.reserveCapacity(rowCount)
        arena.reserveCapacity(byteCount)
    }

    mutating func appendNull() {
        cells.append(.null)
    }

    /// Appends one value made of the bytes that `body` appends.
    ///
    /// - Parameter body: False makes it null; then what it appended is gone.
    mutating func append(_ body: (inout [UInt8]) -> Bool) {
        let start = arena.count
        if body(&arena) {
            cells.append(Cell(start..<arena.count))
        } else {
            arena.removeSubrange(start...)
            cells.append(.null)
        }
    }

    /// Appends a value; nil is null.
    mutating func append(_ bytes: [UInt8]?) {
        guard let bytes else { return appendNull() }
        let start = arena.count
        arena += bytes
        cells.append(Cell(start..<arena.count))
    }

    /// Appends a text; nil is null.
    mutating func append(_ text: String?) {
        guard let text else { return appendNull() }
        let start = arena.count
        arena += text.utf8
        cells.append(Cell(start..<arena.count))
    }

    func finish() -> Column {
        Column(arena: arena, cells: cells)
    }
}
