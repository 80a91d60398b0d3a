public import RollcallCore

extension Batch {
    /// A batch of these rows, for tests; nil is null.
    public static func of(
        _ columns: [Schema.Column],
        _ rows: [[String?]],
        position: Position? = nil
    ) throws -> Batch {
        var builder = BatchBuilder(schema: try Schema(columns))
        for row in rows {
            for value in row { builder.append(value) }
        }
        return builder.finish(position: position)
    }

    /// All values, row after row.
    public var rows: [[String?]] {
        (0..<rowCount).map { row in columns.map { $0[row] } }
    }
}
