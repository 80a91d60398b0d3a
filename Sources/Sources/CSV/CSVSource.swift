public import RollcallCore
internal import RollcallFiles

/// Reads files of separated values, with whatever delimiter, quotes, encoding and compression.
public struct CSVSource: Source {
    enum Setting {
        static let path = FileSetting.path(
            example: "drop/leads-*.csv.gz",
            "All files have the same columns, in whatever order."
        )
        static let header = Field<Bool>(
            "header",
            default: true,
            doc: "Whether the first row of each file names the columns. `false` needs `columns`."
        )
        static let columns = Field<DeclaredColumns?>(
            "columns",
            example: "{ id: integer, signed_up: date, zip: { from: \"Zip code\", default: \"\" } }",
            doc: """
                Which columns are read, in this order, and what their values mean; left out, all of the header, as text. Each is a \
                name with a type, or with `type` (text unless given), `default` (for a value that is missing) and `from` (the name in \
                the header, or the number of the column). A list of names does, too. A row with a value that is not of its type is \
                invalid, if the pipeline makes anything of the column; an empty value of another type than text is missing. \
                \(FileSetting.typesOfText)
                """
        )
        static let delimiter = Field<String>(
            "delimiter",
            default: ",",
            defaultText: "\",\"",
            doc: "What stands between values, such as `\";\"` or `\"\\t\"`.",
            check: { character($0) == nil ? "must be one ASCII character" : nil }
        )
        static let quote = Field<String>(
            "quote",
            default: "\"",
            defaultText: "'\"'",
            doc:
                "What stands around values that hold delimiters, quotes or line ends; `none` where quotes are ordinary text.",
            check: { $0 == "none" || character($0) != nil ? nil : "must be one ASCII character, or `none`" }
        )
        static let escape = Field<String?>(
            "escape",
            example: "\"\\\\\"",
            doc:
                "The character before which the next one is taken as it is. Left out, a quote within quotes is doubled.",
            check: { $0.map { character($0) == nil } ?? false ? "must be one ASCII character" : nil }
        )
        static let comment = Field<String?>(
            "comment",
            example: "\"#\"",
            doc: "Lines that begin with this text are left out."
        )
        static let trim = Field<Bool>(
            "trim",
            default: false,
            doc: "Leaves out blanks and tabs around values, unless they are within quotes."
        )
        static let nullValues = Field<[String]>(
            "null_values",
            default: [],
            defaultText: "[]",
            example: "[\"\", \"NULL\"]",
            doc: """
                Values that stand for a missing one (NULL), quoted or not. Unless `\"\"` is among them, an empty value is empty text.
                """
        )
        static let maxFieldBytes = Field<Int>(
            "max_field_bytes",
            default: 1 << 20,
            doc: """
                A row with a longer value cannot be read, nor one that is eight times as long; so a quote that is left open does not \
                swallow the file. Reading goes on with the line behind the limit.
                """,
            check: { (1...1 << 27).contains($0) ? nil : "must be from 1 to \(1 << 27)" }
        )
        static let finalLineEnd = Field<Bool>(
            "require_final_line_end",
            default: false,
            doc: "Whether a last row without a line end cannot be read, as the file may be cut off."
        )
        static let allowEmpty = FileSetting.allowEmpty(
            "Only with `header: false`: else the header is due."
        )
        static let onError = FileSetting.onError(
            "Where quotes make a wrong row of several lines, each of these counts."
        )

        /// `\t` is what a tab looks like in a file that does not undo it.
        static func character(_ text: String) -> UInt8? {
            if text == "\\t" { return UInt8(ascii: "\t") }
            guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, ![0, 0x0A, 0x0D].contains(byte) else {
                return nil
            }
            return byte
        }
    }

    public static let spec = ComponentSpec(
        .source,
        "csv",
        summary: "Reads files of comma-separated values: delimiters, quotes, encodings and compression of any kind.",
        fields: [
            Setting.path.spec, FileSetting.key.spec, Setting.header.spec, Setting.columns.spec, Setting.delimiter.spec,
            Setting.quote.spec, Setting.escape.spec, Setting.comment.spec, Setting.trim.spec, Setting.nullValues.spec,
            FileSetting.encoding.spec, Setting.maxFieldBytes.spec, Setting.finalLineEnd.spec, Setting.allowEmpty.spec,
            Setting.onError.spec,
        ],
        example: """
            source:
              type: csv
              path: drop/leads-*.csv
              key: [id]
              columns: { id: integer, phone: text, signed_up: date, country: { from: "Country code", default: GR } }
              null_values: [""]
            """
    )

    private let options: CSVOptions

    public init(_ settings: Settings) throws {
        var options = CSVOptions(
            pattern: try FileSetting.pattern(Setting.path, settings),
            key: try settings[FileSetting.key],
            dialect: try Self.dialect(settings),
            encoding: try settings[FileSetting.encoding],
            hasHeader: try settings[Setting.header],
            columns: try settings[Setting.columns]
        )
        options.nullValues = try settings[Setting.nullValues].map { Array($0.utf8) }
        options.allowsEmpty = try settings[Setting.allowEmpty]
        options.stopsAtUnreadable = try settings[Setting.onError] == "stop"
        self.options = options
        var problems = Self.columnProblems(options, settings)
        if options.allowsEmpty, options.hasHeader {
            problems.append(
                settings.problem(
                    Setting.allowEmpty,
                    "has no use with a header, which a file without rows has all the same",
                    hint: "leave it out, or set `header: false`"
                )
            )
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }

    public var keyColumns: [String] { options.key }

    public var undeclaredType: LogicalType? { .text }

    /// An empty value stands between the delimiters.
    public var absentValue: String? { "" }

    /// As `ColumnMaker` makes it.
    public func value(_ text: String?, of column: String) -> String? {
        let declared = options.columns?.columns.first { $0.name == column }
        let isText = declared.map { $0.type == .text } ?? true
        // Of text without a value that stands for NULL, the nearest to it is nothing at all.
        let text = text ?? (isText && options.nullValues.isEmpty ? "" : nil)
        guard let text, isText || !text.isEmpty, !options.nullValues.contains(Array(text.utf8)) else {
            return declared?.fallback
        }
        return text
    }

    public var canBeReadAgain: Bool { !options.pattern.isStandardInput }

    public var declaredSchema: Schema? {
        // That its names are unique was seen when the source was made.
        options.columns.flatMap { try? $0.schema() }
    }

    public func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        let place = try position.map { try $0.decoded(as: CSVPosition.self, of: "csv") }
        return try await FilesReader<CSVRows>.open(options, after: place, choosing: choose)
    }

    private static func dialect(_ settings: Settings) throws -> Dialect {
        var dialect = Dialect()
        let quote = try settings[Setting.quote]
        dialect.quote = quote == "none" ? nil : Setting.character(quote)
        if let delimiter = Setting.character(try settings[Setting.delimiter]) { dialect.delimiter = delimiter }
        // A quote that is its own escape is doubled.
        let escape = try settings[Setting.escape].flatMap(Setting.character)
        dialect.escape = escape == dialect.quote ? nil : escape
        dialect.comment = Array((try settings[Setting.comment] ?? "").utf8)
        dialect.trims = try settings[Setting.trim]
        dialect.maxFieldBytes = try settings[Setting.maxFieldBytes]
        dialect.needsFinalLineEnd = try settings[Setting.finalLineEnd]
        if dialect.delimiter == dialect.quote || dialect.delimiter == dialect.escape {
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.delimiter, "must not be the same as `quote` or `escape`")]
            )
        }
        return dialect
    }

    private static func columnProblems(_ options: CSVOptions, _ settings: Settings) -> [Problem] {
        guard let declared = options.columns else {
            guard !options.hasHeader else { return [] }
            return [
                settings.problem(
                    Setting.header,
                    "is false, and nothing names the columns",
                    hint: "add `columns: [id, …]` with a name for each, in the order of the file"
                )
            ]
        }
        var problems = declared.problems(key: options.key, settings, Setting.columns)
        if options.nullValues.isEmpty {
            problems += declared.columns.filter { $0.type == .text && $0.fallback?.isEmpty == false }.map {
                settings.problem(
                    Setting.columns,
                    ": the `default` of `\($0.name)` has no use, as an empty value is empty text",
                    hint: "say what stands for a missing value: `null_values: [\"\"]`",
                    at: $0.location
                )
            }
        }
        guard !options.hasHeader else { return problems }
        let placed = declared.columns.count { if case .place = $0.origin { true } else { false } }
        let named = declared.columns.filter { if case .name = $0.origin { true } else { false } }
        problems += named.map {
            settings.problem(
                Setting.columns,
                ": `\($0.name)` is `from` a name, and without a header there is none",
                hint: "give the number of the column: `from: 1`",
                at: $0.location
            )
        }
        if named.isEmpty, placed > 0, placed < declared.columns.count {
            problems.append(
                settings.problem(
                    Setting.columns,
                    "gives numbers to some columns only",
                    hint: "without a header either all have a `from`, or they are all columns in their order"
                )
            )
        }
        return problems
    }
}
