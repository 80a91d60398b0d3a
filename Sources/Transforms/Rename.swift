public import RollcallCore

/// Gives columns other names, in their places.
public struct Rename: Transform {
    private enum Setting {
        static let columns = Field<NamedValues<String>>(
            "columns",
            example: "{ NewName: old_name }",
            doc: "The new names, each with the column that is to bear it: `NewName: old_name`. All other columns stay.",
            check: { $0.entries.isEmpty ? "must name at least one column" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "rename",
        summary: "Gives columns other names, in their places.",
        fields: [Setting.columns.spec],
        example: """
            - type: rename
              columns: { LeadId: id, Phone: phone_mobile }
            """
    )

    private let settings: Settings
    private let columns: [NamedValues<String>.Entry]

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns].entries
        var seen: Set<String> = []
        let problems = columns.filter { !seen.insert($0.value).inserted }.map {
            settings.problem(Setting.columns, "renames \"\($0.value)\" twice", at: $0.location)
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try mapping($0).output }
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.subtracting(columns.map(\.name)).union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try mapping(input)
    }

    private func mapping(_ input: Schema) throws -> ColumnMapping {
        let sources = try settings.indices(
            of: columns.map { ($0.value, $0.location) },
            in: input,
            for: Setting.columns
        )
        var names = input.names
        for (source, column) in zip(sources, columns) { names[source] = column.name }
        do {
            return try ColumnMapping(names.enumerated().map { ($0.element, $0.offset) }, of: input)
        } catch let error as RollcallError {
            throw error.attributed(to: settings.component, at: settings.location(of: Setting.columns))
        }
    }
}
