internal import Crypto
public import RollcallCore

/// Replaces values by those that a table has for them.
public struct Map: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[status]",
            doc: "The columns whose values are looked up. They are text afterwards. NULL stays NULL."
        )
        static let values = Field<NamedValues<String?>?>(
            "values",
            example: "{ N: new, O: open, X: null }",
            doc: """
                The table: each value with the one that takes its place, compared exactly and in case; a plain `null` makes it \
                NULL. Either this or `file`.
                """,
            check: { $0?.entries.isEmpty == true ? "must have at least one value" : nil }
        )
        static let file = Field<String?>(
            "file",
            example: "status.csv",
            doc: """
                The table as a CSV file in UTF-8, with commas, a line of headings and two columns: the value, and what takes its \
                place. A path is meant from the folder of the pipeline file. When the table has changed, the next run reads \
                all rows once, and sends what changed by it.
                """
        )
        static let fallback = Field<String?>(
            "default",
            example: "other",
            doc: "What takes the place of values that are not in the table, with `on_missing: default`."
        )
        static let onMissing = Field<OnMissing>(
            "on_missing",
            default: .keep,
            doc: """
                What becomes of a value that is not in the table: it stays (`keep`), becomes NULL (`null`) or the value of the \
                setting `default` (`default`), or its row becomes invalid with the code `value_not_mapped` (`reject`).
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "map",
        summary: "Replaces values by those that a table has for them.",
        fields: [
            Setting.columns.spec, Setting.values.spec, Setting.file.spec, Setting.fallback.spec,
            Setting.onMissing.spec,
        ],
        example: """
            - type: map
              columns: [country]
              values: { gr: Greece, de: Germany, uk: United Kingdom }
              on_missing: reject
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let table: ByteTable<[UInt8]?>
    /// The values that it has others for.
    private let known: [String]
    private let missing: Missing
    /// Of the file's table; nil for one that stands in the settings.
    public let contentDigest: [UInt8]?

    /// What becomes of a value that is not in the table.
    private enum Missing {
        case stays
        case becomes([UInt8]?)
        case isRefused
    }

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        let entries = try Self.entries(settings)
        known = entries.map(\.key)
        table = ByteTable(entries.map { ($0, $1.map { Array($0.utf8) }) })
        contentDigest = try settings[Setting.file] == nil ? nil : Self.digest(entries)
        let onMissing = try settings[Setting.onMissing]
        if onMissing != .default { try settings.refuse(Setting.fallback, without: "on_missing: default") }
        switch (onMissing, try settings[Setting.fallback]) {
        case (.default, let text?): missing = .becomes(Array(text.utf8))
        case (.default, nil):
            let problem = settings.problem(Setting.onMissing, "is `default`, and there is none", hint: "add `default`")
            throw RollcallError(.configuration, problems: [problem])
        case (.keep, _): missing = .stays
        case (.null, _): missing = .becomes(nil)
        case (.reject, _): missing = .isRefused
        }
    }

    private static func entries(_ settings: Settings) throws -> [(key: String, value: String?)] {
        switch (try settings[Setting.values], try settings[Setting.file]) {
        case (let values?, nil): return values.entries.map { ($0.name, $0.value) }
        case (nil, let file?):
            do {
                return try ValueTableFile.entries(of: settings.path(file))
            } catch let error as RollcallError {
                throw error.attributed(to: settings.component, at: settings.location(of: Setting.file))
            }
        case (.some, .some):
            let problem = settings.problem(Setting.file, "cannot stand beside `values`", hint: "keep one of them")
            throw RollcallError(.configuration, problems: [problem])
        case (nil, nil):
            throw RollcallError(
                .configuration,
                "neither `values` nor `file` is given",
                hint: "add `values: { old: new }`",
                at: settings.location
            )
        }
    }

    /// The order of the entries is no part of it.
    private static func digest(_ entries: [(key: String, value: String?)]) -> [UInt8] {
        let words = entries.map { "\($0.key.utf8.count):\($0.key)\($0.value.map { "=\($0.utf8.count):\($0)" } ?? "")" }
        return Array(SHA256.hash(data: Array(words.sorted().joined(separator: "\n").utf8)))
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
        for index in indices { try settings.checkValues(known, of: input.columns[index], for: Setting.values) }
        return try ColumnRewriter(indices, of: input) { [table, missing] value, arena in
            switch (table[value], missing) {
            case (.some(let new?), _), (nil, .becomes(let new?)):
                arena += new
                return .replaced
            case (.some(nil), _), (nil, .becomes(nil)): return .null
            case (nil, .stays):
                arena.appendBytes(value)
                return .replaced
            case (nil, .isRefused):
                return .refused(Refusal(code: "value_not_mapped", reason: "has a value that is not in the table"))
            }
        }
    }

    private enum OnMissing: String, ChoiceSetting {
        case keep
        case null
        case `default`
        case reject
    }
}
