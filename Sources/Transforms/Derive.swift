public import RollcallCore
internal import RollcallExpressions

/// Adds columns computed from the others, or replaces the values of columns.
public struct Derive: Transform {
    private enum Setting {
        static let columns = Field<NamedValues<Located<String>>>(
            "columns",
            example: "{ full_name: \"first_name || ' ' || last_name\" }",
            doc: """
                Column names, each with the expression of its value, in SQLite's SQL. All see the columns as they were before the \
                step; a name that exists is replaced in its place, others are added at the end.
                """,
            check: { $0.entries.isEmpty ? "must name at least one column" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "derive",
        summary: "Adds columns computed from the others, or replaces the values of columns.",
        fields: [Setting.columns.spec],
        example: """
            - type: derive
              columns:
                full_name: trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))
                country: upper(country)
            """
    )

    private let columns: [(name: String, expression: Expression)]

    public init(_ settings: Settings) throws {
        columns = try settings[Setting.columns].entries.map { entry in
            (entry.name, Expression(entry.value, title: "`columns`: `\(entry.name)`"))
        }
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        guard let input else {
            for column in columns { try column.expression.check(nil) }
            return nil
        }
        guard !input.hasAssumedTypes else {
            for column in columns { try column.expression.check(input) }
            return try OutputColumns(columns.map { Schema.Column($0.name, isAssumed: true) }, after: input).schema
        }
        return try Step(columns, input).output
    }

    /// All columns are computed, whether they will be looked at or not; a column whose values are replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) throws -> Set<String> {
        try columns.reduce(output.intersection(input.names)) { $0.union(try $1.expression.columns(of: input)) }
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try Step(columns, input)
    }

    private final class Step: TransformStep {
        let output: Schema
        private let derived: DerivedColumns
        private let places: OutputColumns

        init(_ columns: [(name: String, expression: Expression)], _ input: Schema) throws {
            derived = try DerivedColumns(columns, input)
            places = try OutputColumns(zip(derived.names, derived.types).map { Schema.Column($0, $1) }, after: input)
            output = places.schema
        }

        func apply(_ batch: Batch) -> Transformed {
            let (kept, values, invalid) = derived.evaluate(batch)
            return Transformed(places.placing(values, in: kept), invalid: invalid)
        }
    }
}
