public import RollcallCore
internal import RollcallExpressions

/// Refuses rows that are not as they should be.
public struct Require: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>(
            "columns",
            default: [],
            defaultText: "[]",
            example: "[phone, last_name]",
            doc: "Columns that must have a value: neither NULL nor only white space (code `value_missing`)."
        )
        static let values = Field<NamedValues<[String?]>?>(
            "values",
            example: "{ status: [new, open], language: [el, en, null] }",
            doc: """
                Columns, each with the values that are allowed, compared exactly and in case (code `value_not_allowed`). NULL is \
                allowed where the list has a `null`.
                """,
            check: {
                $0?.entries.contains { $0.value.isEmpty } == true ? "must allow at least one value of each column" : nil
            }
        )
        static let condition = Field<Located<String>?>(
            "where",
            example: "score BETWEEN 0 AND 100",
            doc: """
                A condition in SQLite's SQL over the columns of a row; rows for which it is false or NULL are refused. Rows that \
                are refused already are not asked.
                """
        )
        static let code = Field<String>(
            "code",
            default: "condition_not_met",
            doc: "The code of rows that `where` refuses, to group and count them by.",
            check: { code in
                let isGood =
                    (1...64).contains(code.count) && code.first?.isLetter == true
                    && code.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
                return isGood ? nil : "must be 1 to 64 small letters, digits and `_`"
            }
        )
        static let reason = Field<String>(
            "reason",
            default: "does not meet the condition of the step",
            doc: "Why `where` refuses rows, for a person. It is kept with them: name no person in it."
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "require",
        summary: "Refuses rows that are not as they should be: they become invalid, with the reason.",
        fields: [
            Setting.columns.spec, Setting.values.spec, Setting.condition.spec, Setting.code.spec, Setting.reason.spec,
        ],
        example: """
            - type: require
              columns: [phone, last_name]
              values: { status: [new, open] }
              where: score BETWEEN 0 AND 100
              code: score_out_of_range
              reason: the score is not from 0 to 100
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let values: [NamedValues<[String?]>.Entry]
    private let condition: Expression?
    private let refusal: Refusal

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        values = try settings[Setting.values]?.entries ?? []
        condition = try settings[Setting.condition].map { Expression($0, title: "`where`", isCondition: true) }
        refusal = Refusal(code: try settings[Setting.code], reason: try settings[Setting.reason])
        if condition == nil {
            try settings.refuse(Setting.code, without: "where")
            try settings.refuse(Setting.reason, without: "where")
        }
        guard !columns.isEmpty || !values.isEmpty || condition != nil else {
            throw RollcallError(
                .configuration,
                "nothing is required",
                hint: "add `columns`, `values` or `where`",
                at: settings.location
            )
        }
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        if let input { _ = try demands(on: input) }
        try condition?.check(input)
        return input
    }

    public func columns(of input: Schema, neededFor output: Set<String>) throws -> Set<String> {
        output.union(columns.map(\.value)).union(values.map(\.name)).union(try condition?.columns(of: input) ?? [])
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        Step(try demands(on: input), filter: try condition.map { try RowFilter($0, input) }, refusal)
    }

    private func demands(on input: Schema) throws -> [Demand] {
        let filled = try settings.indices(of: columns, in: input, for: Setting.columns)
        let listed = try settings.indices(of: values.map { ($0.name, $0.location) }, in: input, for: Setting.values)
        for (index, entry) in zip(listed, values) {
            try settings.checkValues(entry.value.compactMap(\.self), of: input.columns[index], for: Setting.values)
        }
        return filled.map { Demand(column: $0, .filled) }
            + zip(listed, values).map { column, entry in
                Demand(
                    column: column,
                    .among(
                        ByteTable(entry.value.compactMap(\.self).map { ($0, ()) }),
                        orNull: entry.value.contains(nil)
                    )
                )
            }
    }

    /// What the value of a column must be.
    private struct Demand {
        enum Kind {
            case filled
            case among(ByteTable<Void>, orNull: Bool)
        }

        let column: Int
        let kind: Kind

        init(column: Int, _ kind: Kind) {
            self.column = column
            self.kind = kind
        }

        func refusal(of values: PinnedColumn, _ row: Int) -> Refusal? {
            switch kind {
            case .filled:
                let isFilled = !values[row].isNull && values.withBytes(of: row) { !$0.isBlank }
                return isFilled ? nil : Refusal(code: "value_missing", reason: "has no value")
            case .among(let allowed, let orNull):
                let isAllowed = values[row].isNull ? orNull : values.withBytes(of: row) { allowed[$0] != nil }
                return isAllowed ? nil : Refusal(code: "value_not_allowed", reason: "has a value that is not allowed")
            }
        }
    }

    private final class Step: TransformStep {
        private let demands: [Demand]
        private let filter: RowFilter?
        private let refusal: Refusal

        init(_ demands: [Demand], filter: RowFilter?, _ refusal: Refusal) {
            self.demands = demands
            self.filter = filter
            self.refusal = refusal
        }

        func apply(_ batch: Batch) -> Transformed {
            var refusals = Refusals()
            batch.withPinnedColumns { columns in
                for demand in demands {
                    let name = batch.schema.columns[demand.column].name
                    for row in 0..<batch.rowCount {
                        guard let refusal = demand.refusal(of: columns[demand.column], row) else { continue }
                        refusals.refuse(row, column: name, refusal)
                    }
                }
            }
            let demanded = refusals.applied(to: batch)
            guard let filter else { return demanded }
            return meetingCondition(demanded, filter)
        }

        private func meetingCondition(_ demanded: Transformed, _ filter: RowFilter) -> Transformed {
            let batch = demanded.batch
            let (chosen, failed) = filter.rows(of: batch)
            let passing = Set(chosen)
            let known = Set(failed.map(\.row))
            let refused = (0..<batch.rowCount).filter { !passing.contains($0) }.map(batch.origin).filter {
                !known.contains($0)
            }
            return Transformed(
                refused.isEmpty && failed.isEmpty ? batch : batch.keeping(chosen),
                invalid: demanded.invalid + failed
                    + refused.map { RowFault(row: $0, code: refusal.code, reason: refusal.reason) }
            )
        }
    }
}
