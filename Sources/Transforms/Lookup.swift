public import RollcallCore

/// Joins rows with those of a table by a key.
public struct Lookup: Transform {
    enum Setting {
        static let from = Field<ConfigurationNode>(
            "from",
            form: .component(.source),
            example: "{ type: csv, path: consent.csv, key: [person_id], columns: { consented: boolean } }",
            doc: """
                The table: a source of any type, with its own settings, read whole at the beginning of each run. Its `key` names the \
                columns by which rows are found; it must tell rows apart, unless they have the same `columns`, too. Of `postgres`, `ordered: false` reads it in half the time.
                """
        )
        static let on = Field<[Located<String>]>(
            "on",
            example: "[lead_id]",
            doc: """
                The columns of the rows that are compared with the `key` of the table, in its order. Values are compared exactly, \
                in case, and by their texts. Where one side is of a type of numbers, equal numbers are the same (`7`, \
                `007`, `7.0`, `70e-1`), also if the other side is text; where both are text, `007` is not `7`. Types that \
                cannot be compared are an error: other ones where neither is text, times and JSON. NULL and empty text are \
                not in any table.
                """,
            check: { $0.isEmpty ? "must name at least one column" : nil }
        )
        static let columns = Field<ColumnSelection>(
            "columns",
            default: ColumnSelection(entries: []),
            defaultText: "[]",
            example: "{ may_call: consented, asked_on: given_on }",
            doc: """
                What rows get from the table: `new_name: column_of_the_table` for each, or a list of names to take as they are. They \
                keep their types. A name that exists is replaced in its place, others are added at the end.
                """
        )
        static let onMissing = Field<OnMissing>(
            "on_missing",
            default: .null,
            doc: """
                What becomes of a row whose key is not in the table: its new columns are NULL (`null`) or have the values of the \
                setting `default` (`default`), the row becomes invalid with the code `not_in_table` (`reject`), or it is left out as \
                by a `filter` (`filter`).
                """
        )
        static let fallback = Field<NamedValues<String?>?>(
            "default",
            example: "{ may_call: false }",
            doc: "Values of the new columns for `on_missing: default`; those that are not named are NULL."
        )
        static let onError = Field<OnError>(
            "on_error",
            default: .stop,
            doc: """
                What becomes of a row of the table that cannot be read, or has NULL or nothing in its key: the run ends before it \
                has sent anything (`stop`), or such rows count as not there, which the run says (`skip`).
                """
        )
        static let minimumRows = Field<Int>(
            "min_rows",
            default: 1,
            doc: """
                How many rows the table must have; a run that finds fewer ends before it has sent anything. An empty file of \
                refusals would let everybody in who refused; 0 allows it.
                """,
            check: { (0...1_000_000_000).contains($0) ? nil : "must be from 0 to 1000000000" }
        )
        static let maximumRows = Field<Int>(
            "max_rows",
            default: 2_000_000,
            doc: """
                How many rows the table may have; a run that finds more ends before it has sent anything. The table is held in memory: \
                each row takes up to 27 bytes and what `key` and `columns` have in it, and for a moment twice as much while it grows.
                """,
            check: { (1...1_000_000_000).contains($0) ? nil : "must be from 1 to 1000000000" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "lookup",
        summary: """
            Joins rows with those of a table by a key. When what the step uses of the table has changed, the next run reads all rows \
            of the pipeline once, whatever its cursor, and sends what changed by it: who withdrew consent in the table is seen \
            though the row stayed the same. Cases of the pipeline file give rows of the table with `tables`.
            """,
        fields: [
            Setting.from.spec, Setting.on.spec, Setting.columns.spec, Setting.onMissing.spec, Setting.fallback.spec,
            Setting.onError.spec, Setting.minimumRows.spec, Setting.maximumRows.spec,
        ],
        example: """
            - type: lookup
              from: { type: postgres, url: "${CRM_DATABASE_URL}", table: crm.consents, key: [person_id] }
              on: [id]
              columns: { may_call: consented, asked_on: given_on }
            """
    )

    public let table: Component<any Source>?
    let settings: Settings
    let on: [Located<String>]
    let selection: [ColumnSelection.Entry]
    let onMissing: OnMissing
    let defaults: [NamedValues<String?>.Entry]
    let rules: LookupTableRules
    /// Nil until it was read.
    private var read: LookupTable?

    public init(_ settings: Settings) throws {
        self.settings = settings
        let source = try settings.source(Setting.from)
        table = source
        on = try settings[Setting.on]
        selection = try settings[Setting.columns].entries
        onMissing = try settings[Setting.onMissing]
        defaults = try settings[Setting.fallback]?.entries ?? []
        rules = LookupTableRules(
            key: source.plugin.keyColumns,
            values: selection.map(\.source),
            skipsUnusableRows: try settings[Setting.onError] == .skip,
            maximumRows: try settings[Setting.maximumRows]
        )
        try checkSettings()
        if let declared = source.plugin.declaredSchema { try check(declared) }
    }

    // MARK: - The table

    public func prepared(reading table: Component<any Source>?) async throws -> any Transform {
        guard let table else { return self }
        let reader = try await table.running { source in
            try await source.open(after: nil) { schema in
                try check(schema)
                return Set(rules.key + rules.values)
            }
        }
        let read = try await closing(
            with: { await reader.close() },
            after: {
                var builder = LookupTableBuilder(rules, reader.schema)
                while let batch = try await table.running({ _ in try await reader.next(atMost: Self.rowsAtOnce) }) {
                    try Task.checkCancellation()
                    try builder.add(batch)
                }
                return builder.finish()
            }
        )
        var prepared = self
        prepared.read = read
        return prepared
    }

    private static let rowsAtOnce = 10_000

    public func checkContent() throws {
        let least = try settings[Setting.minimumRows]
        guard let count = read?.rows.count, count < least else { return }
        let problem = settings.problem(
            Setting.minimumRows,
            "is \(least), and the table has \(count) rows; nothing was sent",
            hint: "look at what fills the table; `min_rows: 0` allows an empty one",
            at: table?.location
        )
        throw RollcallError(.preflight, problems: [problem])
    }

    public var contentDigest: [UInt8]? { read?.digest }

    public var remarks: [String] { read?.remarks ?? [] }

    // MARK: - Columns

    public func outputSchema(for input: Schema?) throws -> Schema? {
        guard let input else { return nil }
        let keyColumns = try settings.indices(of: on, in: input, for: Setting.on)
        guard let types = read?.types ?? declaredTypes else { return nil }
        try checkKeys(keyColumns.map { input.columns[$0].type }, types.key)
        return try output(types.values, after: input).schema
    }

    /// A column that is replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.intersection(input.names).union(on.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        guard let read else { preconditionFailure("a step is opened once it is prepared") }
        return try LookupStep(
            (read, rules),
            keyColumns: settings.indices(of: on, in: input, for: Setting.on),
            of: input,
            output(read.types.values, after: input),
            missing
        )
    }

    private var missing: LookupStep.Missing {
        switch onMissing {
        case .filter: return .isLeftOut
        case .reject:
            let names = on.map { "\"\($0.value)\"" }.joined(separator: ", ")
            return .isRefused(Refusal(code: "not_in_table", reason: "the value of \(names) is not in the table"))
        case .null, .default:
            var fields: [UInt8] = []
            for entry in selection {
                if let text = defaults.first(where: { $0.name == entry.name })?.value {
                    let bytes = Array(text.utf8)
                    fields.appendField(bytes.span)
                } else {
                    fields.appendNullField()
                }
            }
            return .has(fields)
        }
    }

    func output(_ types: [LogicalType], after input: Schema) throws -> OutputColumns {
        do {
            return try OutputColumns(zip(selection, types).map { Schema.Column($0.name, $1) }, after: input)
        } catch let error as RollcallError {
            throw error.attributed(to: settings.component, at: settings.location(of: Setting.columns))
        }
    }

    /// Where they are known without asking the table.
    private var declaredTypes: LookupTable.Types? {
        table?.plugin.declaredSchema.map { LookupTable.Types(rules, $0) }
    }

    enum OnMissing: String, ChoiceSetting {
        case null
        case `default`
        case reject
        case filter
    }

    enum OnError: String, ChoiceSetting {
        case stop
        case skip
    }
}
