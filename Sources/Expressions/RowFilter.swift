public import RollcallCore

/// An expression that chooses rows: those for which it is true, neither false nor NULL.
public final class RowFilter {
    private let query: BatchQuery

    /// - Throws: a configuration error with the place in the file and in the expression.
    public init(_ condition: Expression, _ schema: Schema) throws {
        query = try BatchQuery.condition(condition, schema)
    }

    /// The rows that are chosen, in order, and those on which the expression failed, by their `origin(of:)`.
    public func rows(of batch: Batch) -> (chosen: [Int], invalid: [RowFault]) {
        var chosen: [Int] = []
        chosen.reserveCapacity(batch.rowCount)
        let faults = query.run(batch) { chosen.append($0.index) }
        return (chosen, faults)
    }

    public func apply(_ batch: Batch) -> Transformed {
        let (chosen, faults) = rows(of: batch)
        return Transformed(
            chosen.count == batch.rowCount ? batch : batch.keeping(chosen),
            filtered: batch.rowCount - chosen.count - faults.count,
            invalid: faults
        )
    }
}
