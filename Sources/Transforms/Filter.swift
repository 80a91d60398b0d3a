public import RollcallCore
internal import RollcallExpressions

/// Keeps the rows that meet a condition.
public struct Filter: Transform {
    private enum Setting {
        static let condition = Field<Located<String>>(
            "where",
            example: "consent AND status <> 'closed'",
            doc:
                "A condition in SQLite's SQL over the columns of a row. Rows for which it is false or NULL are left out and counted."
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "filter",
        summary: "Keeps the rows that meet a condition.",
        fields: [Setting.condition.spec],
        example: """
            - type: filter
              where: consent AND status <> 'closed' AND updated_at >= '2026-01-01'
            """
    )

    private let condition: Expression

    public init(_ settings: Settings) throws {
        condition = Expression(try settings[Setting.condition], title: "`where`", isCondition: true)
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try condition.check(input)
        return input
    }

    public func columns(of input: Schema, neededFor output: Set<String>) throws -> Set<String> {
        output.union(try condition.columns(of: input))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        Step(filter: try RowFilter(condition, input))
    }

    private final class Step: TransformStep {
        private let filter: RowFilter

        init(filter: RowFilter) {
            self.filter = filter
        }

        func apply(_ batch: Batch) -> Transformed {
            filter.apply(batch)
        }
    }
}
