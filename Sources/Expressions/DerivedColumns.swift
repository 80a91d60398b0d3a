public import RollcallCore

/// Columns computed from the other columns of their row.
public final class DerivedColumns {
    /// The names to compute, in order.
    public let names: [String]
    /// What the values mean, found by computing some rows of samples: a number where SQLite gave nothing else.
    public let types: [LogicalType]
    private let query: BatchQuery

    /// - Throws: a configuration error with the place in the file and in the expression.
    public init(_ columns: [(name: String, expression: Expression)], _ schema: Schema) throws {
        names = columns.map(\.name)
        query = try BatchQuery.values(columns.map(\.expression), schema)
        var types = columns.map { _ in LogicalType?.none }
        _ = query.run(try Batch.samples(of: schema)) { row in
            for index in types.indices { types[index] = common(types[index], row.type(index)) }
        }
        self.types = types.map { $0 ?? .text }
    }

    /// Text in a column of numbers makes a row fail: the next step would take it for a number as far as it looks like one.
    ///
    /// - Returns: The batch without the rows that failed, and for each of its rows the computed values.
    public func evaluate(_ batch: Batch) -> (batch: Batch, columns: [Column], invalid: [RowFault]) {
        var arena: [UInt8] = []
        var cells = names.map { _ in [Cell]() }
        for index in cells.indices { cells[index].reserveCapacity(batch.rowCount) }
        var kept: [Int] = []
        kept.reserveCapacity(batch.rowCount)
        var texts: [RowFault] = []
        let faults = query.run(batch) { row in
            if let index = types.indices.first(where: { types[$0] != .text && row.isNoNumber($0) }) {
                texts.append(textFault(batch.origin(of: row.index), index))
                return
            }
            kept.append(row.index)
            for index in cells.indices {
                cells[index].append(row.appendValue(index, to: &arena))
            }
        }
        let columns = cells.map { Column(arena: arena, cells: $0) }
        let isWhole = faults.isEmpty && texts.isEmpty
        return (isWhole ? batch : batch.keeping(kept), columns, (faults + texts).sorted { $0.row < $1.row })
    }

    private func textFault(_ row: Int, _ index: Int) -> RowFault {
        RowFault(
            row: row,
            code: "expression_type",
            reason: """
                "\(names[index])" is text here and a number otherwise; say which it is with CAST(… AS TEXT) or CAST(… AS INTEGER)
                """
        )
    }
}

private func common(_ one: LogicalType?, _ other: LogicalType?) -> LogicalType? {
    guard let one, let other, one != other else { return one ?? other }
    return one == .text || other == .text ? .text : .decimal
}
