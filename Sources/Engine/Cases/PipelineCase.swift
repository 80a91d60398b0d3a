public import RollcallCore

/// A case that a pipeline file keeps: rows of the source, and what the transforms must make of them.
public struct PipelineCase: Sendable {
    private enum Setting {
        static let name = Field<String>(
            "name",
            example: "who said no is left out",
            doc: "What the case shows, as a sentence."
        )
        static let input = Field<[NamedValues<CaseValue>]>(
            "input",
            example: "[{ id: 7, phone: \"2101234567\", consent: true }]",
            doc: """
                The rows as the source hands them over, each as `column: value`. Values are numbers, true or false, dates and times as \
                they are written; what is in quotes is text, and so is all of a `csv` source without `columns`. A column that a row \
                leaves out, and another row of the file's cases has, is NULL there, or what the source makes of a missing value: its \
                `default`, or empty text. With `source_column` each row has the name of its source.
                """,
            check: { $0.isEmpty ? "must have a row" : nil }
        )
        static let tables = Field<CaseTables?>(
            "tables",
            example: "[{ person_id: 7, consented: false }]",
            doc: """
                The rows of the table that a `lookup` step reads, each as `column: value`; where there are several such steps, a list \
                of such lists, in the order of the steps. A pipeline with such steps needs it: no table is asked.
                """
        )
        static let output = Field<[NamedValues<CaseValue>]?>(
            "output",
            example: "[{ LeadId: 7, Phone: \"+302101234567\" }]",
            doc: "The rows that come through, in order. Columns that are left out may be anything."
        )
        static let invalid = Field<[ConfigurationNode]?>(
            "invalid",
            form: .list(of: .group(InvalidRow.fields)),
            example: "[{ key: 8, code: phone_invalid }]",
            doc: "The rows that are refused, in order; a case without it expects none."
        )
        static let filtered = Field<Int?>(
            "filtered",
            example: "1",
            doc: "How many rows are left out."
        )
    }

    static let fields = [
        Setting.name.spec, Setting.input.spec, Setting.tables.spec, Setting.output.spec, Setting.invalid.spec,
        Setting.filtered.spec,
    ]

    public let name: String
    public let location: SourceLocation
    let input: [NamedValues<CaseValue>]
    let tables: [[NamedValues<CaseValue>]]
    let output: [NamedValues<CaseValue>]?
    let invalid: [InvalidRow]?
    let filtered: Int?

    init(_ node: ConfigurationNode) throws {
        let settings = try FieldGroup("test", Self.fields, help: "rollcall describe pipeline").settings(from: node)
        name = try settings[Setting.name]
        location = node.location
        input = try settings[Setting.input]
        tables = try settings[Setting.tables]?.tables ?? []
        output = try settings[Setting.output]
        invalid = try settings[Setting.invalid]?.map(InvalidRow.init)
        filtered = try settings[Setting.filtered]
        if output == nil, invalid == nil, filtered == nil {
            throw RollcallError(
                .configuration,
                "the case says nothing of what is to come out",
                hint: "add `output`, `invalid` or `filtered`",
                at: node.location
            )
        }
    }
}

/// A row that a case expects to be refused.
struct InvalidRow: Sendable {
    private enum Setting {
        static let key = Field<CaseKey>(
            "key",
            example: "8",
            doc: "The row's value of the source's key column; a list where there are several."
        )
        static let code = Field<String?>(
            "code",
            example: "phone_invalid",
            doc: "The code of the reason."
        )
        static let reason = Field<String?>(
            "reason",
            doc: "The reason, word for word."
        )
    }

    static let fields = [Setting.key.spec, Setting.code.spec, Setting.reason.spec]

    let key: [String]
    let code: String?
    let reason: String?

    init(_ node: ConfigurationNode) throws {
        let settings = try FieldGroup("test", Self.fields, help: "rollcall describe pipeline").settings(from: node)
        key = try settings[Setting.key].values
        code = try settings[Setting.code]
        reason = try settings[Setting.reason]
    }
}
