import RollcallCore
import RollcallTestSupport

/// What a step with these settings makes of rows of text.
func transformed<Step: Transform>(
    _ type: Step.Type,
    _ settings: ConfigurationNode,
    _ columns: [Schema.Column],
    _ rows: [[String?]]
) throws -> Transformed {
    let batch = try Batch.of(columns, rows)
    let transform = try Step(Step.spec.settings(from: settings))
    let result = try transform.open(batch.schema).apply(batch)
    let promised = try transform.outputSchema(for: batch.schema)
    precondition(promised == result.batch.schema, "a step gives the columns that it promised")
    precondition(result.batch.rowCount + result.filtered + result.invalid.count == rows.count, "no row gets lost")
    return result
}

/// What a step makes of the values of one column, `a`; nil is NULL, and so is the value of a row that did not come through.
func rewritten<Step: Transform>(
    _ type: Step.Type,
    _ settings: ConfigurationNode,
    _ values: [String?],
    _ column: LogicalType = .text
) throws -> [String?] {
    try transformed(type, settings, [.init("a", column)], values.map { [$0] }).batch.rows.map { $0[0] }
}

/// What is wrong with the settings of a step for columns like these; the empty text where nothing is.
func fault<Step: Transform>(_ type: Step.Type, _ settings: ConfigurationNode, _ columns: [Schema.Column]?) -> String {
    do {
        let transform = try Step(Step.spec.settings(from: settings))
        _ = try transform.outputSchema(for: try columns.map { try Schema($0) })
        return ""
    } catch {
        return "\(error)"
    }
}
