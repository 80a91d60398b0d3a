public import RollcallCore

/// Reads a file of lines in which every value has its place.
public struct FixedWidthSource: Source {
    private enum Setting {
        static let path = Field<String>(
            "path",
            example: "drop/leads.txt",
            doc: "The file, in UTF-8. A path is meant from the folder of the pipeline file."
        )
        static let columns = Field<NamedValues<Located<String>>>(
            "columns",
            example: "{ id: 1-8, name: 9-38, phone: 39-53 }",
            doc: """
                The columns, each with the places of its first and last character, counted from 1. Blanks around a value are left \
                out; a value of blanks only is missing (NULL).
                """,
            check: { $0.entries.isEmpty ? "must name at least one column" : nil }
        )
        static let key = Field<[String]>(
            "key",
            example: "[id]",
            doc: "The column or columns that identify a row.",
            check: { $0.isEmpty ? "must name at least one column" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .source,
        "fixed_width",
        summary: """
            Reads a file of lines in which every value has its place, as mainframes and diallers write them. A line that ends before \
            its last column cannot be read, as the file may be cut off; empty lines are passed by.
            """,
        fields: [Setting.path.spec, Setting.columns.spec, Setting.key.spec],
        example: """
            source:
              type: fixed_width
              path: drop/leads.txt
              columns: { id: 1-8, name: 9-38, phone: 39-53 }
              key: [id]
            """
    )

    public let keyColumns: [String]
    public var declaredSchema: Schema? { layout.schema }

    private let path: String
    private let layout: LineLayout

    public init(_ settings: Settings) throws {
        path = settings.path(try settings[Setting.path])
        keyColumns = try settings[Setting.key]
        var problems: [Problem] = []
        var columns: [LineLayout.Column] = []
        for entry in try settings[Setting.columns].entries {
            guard let column = LineLayout.Column(entry.name, places: entry.value.value) else {
                problems.append(
                    settings.problem(
                        Setting.columns,
                        ": `\(entry.name)` must be two places such as `9-38`, got \"\(entry.value.value)\"",
                        at: entry.value.location
                    )
                )
                continue
            }
            columns.append(column)
        }
        for name in keyColumns where !columns.contains(where: { $0.name == name }) && problems.isEmpty {
            let hint = suggestion(for: name, among: columns.map(\.name))
            problems.append(settings.problem(Setting.key, "names no column: \"\(name)\"", hint: hint))
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        layout = try LineLayout(columns)
    }

    public func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        let place = try position.map(LinePosition.init)
        let chosen = try choose(layout.schema).union(keyColumns)
        return try FixedWidthReader(path, layout: layout, chosen: chosen, key: keyColumns, after: place)
    }
}
