public import RollcallCore

/// Leaves columns out.
public struct Drop: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>(
            "columns",
            example: "[internal_note, score]",
            doc: "The columns that do not go on. All others stay, in their order.",
            check: { $0.isEmpty ? "must name at least one column" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "drop",
        summary: "Leaves columns out.",
        fields: [Setting.columns.spec],
        example: """
            - type: drop
              columns: [internal_note, score]
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try mapping($0).output }
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try mapping(input)
    }

    private func mapping(_ input: Schema) throws -> ColumnMapping {
        let dropped = Set(
            try settings.indices(of: columns.map { ($0.value, $0.location) }, in: input, for: Setting.columns)
        )
        let kept = input.names.enumerated().filter { !dropped.contains($0.offset) }
        return try ColumnMapping(kept.map { ($0.element, $0.offset) }, of: input)
    }
}
