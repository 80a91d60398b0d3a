/// Rows as columns of text, and the position that is safe to store once every row is settled.
///
/// A batch is a value: steps make a new one from the columns of the old, which share their arenas.
public struct Batch: Sendable {
    public let schema: Schema
    public let rowCount: Int
    /// In the order of the schema; each holds `rowCount` cells.
    public let columns: [Column]
    /// Where the source goes on after the last row that was read into this batch; nil where it cannot be resumed.
    public var position: Position?
    /// What the source came upon among these rows and could not read; of interest only in the batch as the source made it.
    public var unreadable: [UnreadableRow] = []

    /// For each row its index in the batch as the source made it; nil while no row was left out.
    private let origins: [Int]?

    /// A batch of whole columns.
    public init(schema: Schema, rowCount: Int, columns: [Column], position: Position? = nil) {
        self.init(schema: schema, rowCount: rowCount, columns: columns, position: position, origins: nil)
    }

    /// A batch from cells in the order in which a source reads them, row after row, all in one arena.
    public init(schema: Schema, arena: [UInt8], cellsByRow: [Cell], position: Position? = nil) {
        let width = schema.columns.count
        let rowCount = width == 0 ? 0 : cellsByRow.count / width
        precondition(cellsByRow.count == rowCount * width, "every row has a cell for each column")
        let columns = (0..<width).map { column in
            let cells = [Cell](capacity: rowCount) { cells in
                for row in 0..<rowCount { cells.append(cellsByRow[row * width + column]) }
            }
            return Column(arena: arena, cells: cells)
        }
        self.init(schema: schema, rowCount: rowCount, columns: columns, position: position)
    }

    private init(schema: Schema, rowCount: Int, columns: [Column], position: Position?, origins: [Int]?) {
        precondition(columns.count == schema.columns.count, "a batch has the columns of its schema")
        precondition(columns.allSatisfy { $0.cells.count == rowCount }, "every column has a cell for each row")
        self.schema = schema
        self.rowCount = rowCount
        self.columns = columns
        self.position = position
        self.origins = origins
    }

    /// The row's index in the batch as the source made it.
    public func origin(of row: Int) -> Int { origins?[row] ?? row }

    /// The same rows, numbered from zero: as a source hands them over, whatever it made them of.
    public func numberedAnew() -> Batch {
        var batch = Batch(schema: schema, rowCount: rowCount, columns: columns, position: position)
        batch.unreadable = unreadable
        return batch
    }

    /// The same rows with other columns: chosen, added, renamed or reordered.
    public func replacing(_ columns: [Column], schema: Schema) -> Batch {
        Batch(schema: schema, rowCount: rowCount, columns: columns, position: position, origins: origins)
    }

    /// Only these rows, in this order.
    public func keeping(_ rows: [Int]) -> Batch {
        Batch(
            schema: schema,
            rowCount: rows.count,
            columns: columns.map { $0.keeping(rows) },
            position: position,
            origins: rows.map(origin)
        )
    }
}
