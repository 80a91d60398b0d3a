/// Collects rows value by value, in the order of the schema's columns, into one arena.
public struct BatchBuilder: Sendable {
    public let schema: Schema
    private var arena: [UInt8] = []
    private var cells: [Cell] = []

    public init(schema: Schema) {
        self.schema = schema
    }

    /// Whole rows collected so far.
    public var rowCount: Int { schema.columns.isEmpty ? 0 : cells.count / schema.columns.count }

    /// Bytes of values collected so far.
    public var byteCount: Int { arena.count }

    /// Adds the next value; nil is null.
    public mutating func append(_ value: String?) {
        guard let value else { return cells.append(.null) }
        let start = arena.count
        arena.append(contentsOf: value.utf8)
        cells.append(Cell(start..<arena.count))
    }

    /// Adds a whole row of a batch that has the same columns.
    public mutating func append(row: Int, of columns: [PinnedColumn]) {
        let columns = columns.span
        var end = arena.count
        cells.append(addingCapacity: columns.count) { cells in
            for index in columns.indices {
                let cell = columns[index][row]
                let start = end
                end += cell.count
                cells.append(cell.isNull ? .null : Cell(start..<end))
            }
        }
        arena.append(addingCapacity: end - arena.count) { arena in
            for index in columns.indices { columns[index].withBytes(of: row) { arena.appendBytes($0) } }
        }
    }

    /// The batch of all rows collected; the builder is empty afterwards.
    public mutating func finish(position: Position? = nil) -> Batch {
        defer {
            // The next batch will be about as large.
            let (byteCount, cellCount) = (arena.count, cells.count)
            arena = []
            cells = []
            arena.reserveCapacity(byteCount)
            cells.reserveCapacity(cellCount)
        }
        return Batch(schema: schema, arena: arena, cellsByRow: cells, position: position)
    }
}
