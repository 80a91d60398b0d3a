public import RollcallCore

/// An expression that chooses rows: those for which it is true, neither false nor NULL.
public final class RowFilter {
    private let query: BatchQuery

    /// - Throws: a configuration error with the place in the file and in the expression.
    public init(_ condition: Expression, _ schema: Schema) throws {
        query = try BatchQuery.condition(condition, schema)
    }

    public func apply(_ batch: Batch) -> Transformed {
        var chosen: [Int] = []
        chosen.reserveCapacity(batch.rowCount)
        let faults = query.run(batch) { chosen.append($0.index) }
        let filtered = batch.rowCount - chosen.count - faults.count
        return Transformed(
            chosen.count == batch.rowCount ? batch : batch.keeping(chosen),
            filtered: filtered,
            invalid: faults
        )
    }
}
