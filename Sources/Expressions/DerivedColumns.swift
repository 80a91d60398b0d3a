public import RollcallCore

/// Columns computed from the other columns of their row.
public final class DerivedColumns {
    /// The names to compute, in order.
    public let names: [String]
    /// What the values mean, found by computing one row of samples: a number where SQLite gave one.
    public let types: [LogicalType]
    private let query: BatchQuery

    /// - Throws: a configuration error with the place in the file and in the expression.
    public init(_ columns: [(name: String, expression: Expression)], _ schema: Schema) throws {
        names = columns.map(\.name)
        query = try BatchQuery.values(columns.map(\.expression), schema)
        var types = columns.map { _ in LogicalType.text }
        _ = query.run(try sample(schema)) { row in
            types = types.indices.map { row.type($0) }
        }
        self.types = types
    }

    /// - Returns: The batch without the rows that failed, and for each of its rows the computed values.
    public func evaluate(_ batch: Batch) -> (batch: Batch, columns: [Column], invalid: [RowFault]) {
        var arena: [UInt8] = []
        var cells = names.map { _ in [Cell]() }
        for index in cells.indices { cells[index].reserveCapacity(batch.rowCount) }
        var kept: [Int] = []
        kept.reserveCapacity(batch.rowCount)
        let faults = query.run(batch) { row in
            kept.append(row.index)
            for index in cells.indices {
                cells[index].append(row.appendValue(index, to: &arena))
            }
        }
        let columns = cells.map { Column(arena: arena, cells: $0) }
        return (faults.isEmpty ? batch : batch.keeping(kept), columns, faults)
    }
}

/// One row with an ordinary value of each column's type.
private func sample(_ schema: Schema) throws -> Batch {
    var builder = BatchBuilder(schema: schema)
    for column in schema.columns {
        switch column.type {
        case .text: builder.append("sample")
        case .integer: builder.append("7919")
        case .decimal: builder.append("7919.5")
        case .boolean: builder.append("true")
        case .date: builder.append("2026-02-03")
        case .timestamp: builder.append("2026-02-03T04:05:06Z")
        case .json: builder.append("{}")
        }
    }
    return builder.finish()
}
