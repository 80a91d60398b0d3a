public import RollcallCore

/// Chooses, renames and reorders columns.
public struct Select: Transform {
    private enum Setting {
        static let columns = Field<ColumnSelection>(
            "columns",
            example: "{ LeadId: id, Phone: phone }",
            doc: """
                The columns that go on, in this order: `NewName: old_name` for each, or a list of names to keep as they \
                are. All others are left out.
                """,
            check: { $0.entries.isEmpty ? "must name at least one column" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "select",
        summary: "Chooses, renames and reorders columns.",
        fields: [Setting.columns.spec],
        example: """
            - type: select
              columns: { LeadId: id, FullName: full_name, Phone: phone }
            """
    )

    private let settings: Settings
    private let selection: ColumnSelection

    public init(_ settings: Settings) throws {
        self.settings = settings
        selection = try settings[Setting.columns]
        _ = try outputSchema(for: nil)
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        guard let input else {
            return try namingSetting { try Schema(selection.entries.map { Schema.Column($0.name, isAssumed: true) }) }
        }
        return try mapping(input).output
    }

    public func columns(of input: Schema, neededFor output: Set<String>) throws -> Set<String> {
        Set(selection.entries.map(\.source))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try mapping(input)
    }

    private func mapping(_ input: Schema) throws -> ColumnMapping {
        let sources = try settings.indices(
            of: selection.entries.map { ($0.source, $0.location) },
            in: input,
            for: Setting.columns
        )
        return try namingSetting {
            try ColumnMapping(zip(selection.entries.map(\.name), sources).map { $0 }, of: input)
        }
    }

    private func namingSetting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as RollcallError {
            throw error.attributed(to: settings.component, at: settings.location(of: Setting.columns))
        }
    }
}

/// `{ NewName: old_name }` or `[name, name]`.
struct ColumnSelection: SettingValue {
    struct Entry: Sendable {
        let name: String
        let source: String
        let location: SourceLocation
    }

    let entries: [Entry]

    static let form = SettingForm.either(.mapping(of: .text), .list(of: .text))

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> ColumnSelection {
        if case .sequence = node {
            let names = try [Located<String>].read(node)
            return ColumnSelection(
                entries: names.map { Entry(name: $0.value, source: $0.value, location: $0.location) }
            )
        }
        guard case .mapping = node else { throw .expected(Self.self, got: node) }
        let named = try NamedValues<String>.read(node).entries
        return ColumnSelection(entries: named.map { Entry(name: $0.name, source: $0.value, location: $0.location) })
    }
}
