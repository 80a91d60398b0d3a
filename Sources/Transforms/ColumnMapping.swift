internal import RollcallCore

/// Which input column stands at each place of the output, under which name: what `select`, `rename` and `drop` come to.
final class ColumnMapping: TransformStep {
    let output: Schema
    private let sources: [Int]

    /// - Throws: a configuration error when two columns would have one name.
    init(_ columns: [(name: String, source: Int)], of input: Schema) throws {
        output = try Schema(
            columns.map { name, source in
                let column = input.columns[source]
                return Schema.Column(name, column.type, isAssumed: column.isAssumed)
            }
        )
        sources = columns.map(\.source)
    }

    func apply(_ batch: Batch) -> Transformed {
        Transformed(batch.replacing(sources.map { batch.columns[$0] }, schema: output))
    }
}

extension Settings {
    /// Where each named column stands in the input.
    ///
    /// - Throws: a configuration error with every name that is no column, and the nearest that is.
    func indices<Value>(
        of names: [(name: String, location: SourceLocation)],
        in input: Schema,
        for field: Field<Value>
    ) throws -> [Int] {
        let indices = names.map { input.index(of: $0.name) }
        let problems = zip(names, indices).compactMap { column, index in
            index != nil
                ? nil
                : problem(
                    field,
                    "names no column: \"\(column.name)\"",
                    hint: input.hint(for: column.name),
                    at: column.location
                )
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        return indices.compactMap { $0 }
    }
}

extension Schema {
    fileprivate func hint(for name: String) -> String {
        suggestion(for: name, among: names) ?? "the columns here are: \(names.joined(separator: ", "))"
    }
}
