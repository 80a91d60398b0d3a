public import RollcallCore

/// Hides all but the last characters of values.
public struct Mask: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[account_number]",
            doc: "The columns to mask. They are text afterwards. NULL stays NULL, and empty text empty."
        )
        static let kept = Field<Int>(
            "keep",
            default: 4,
            doc: "How many characters at the end stay. A value that has no more than these is hidden as a whole.",
            check: { (0...1_000).contains($0) ? nil : "must be from 0 to 1000" }
        )
        static let cover = Field<String>(
            "with",
            default: "*",
            defaultText: "\"*\"",
            doc: "What takes the place of each hidden character.",
            check: { $0.count == 1 ? nil : "must be one character" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "mask",
        summary:
            "Hides all but the last characters of values: `DE44500105175407324931` becomes `******************4931`.",
        fields: [Setting.columns.spec, Setting.kept.spec, Setting.cover.spec],
        example: """
            - type: mask
              columns: [account_number]
              keep: 4
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let kept: Int
    private let cover: [UInt8]

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        kept = try settings[Setting.kept]
        cover = Array(try settings[Setting.cover].utf8)
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try rewriter($0).output }
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try rewriter(input)
    }

    private func rewriter(_ input: Schema) throws -> ColumnRewriter {
        let indices = try settings.indices(of: columns, in: input, for: Setting.columns)
        return try ColumnRewriter(indices, of: input) { [kept, cover] value, arena in
            let text = value.text
            let length = text.count
            let hidden = length > kept ? length - kept : length
            for _ in 0..<hidden { arena += cover }
            arena.append(contentsOf: text.suffix(length - hidden).utf8)
            return .replaced
        }
    }
}
