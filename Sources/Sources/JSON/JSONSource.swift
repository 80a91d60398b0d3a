public import RollcallCore
internal import RollcallFiles

/// Reads files of JSON: a record on each line, or the elements of an array in one document.
public struct JSONSource: Source {
    enum Setting {
        static let path = FileSetting.path(example: "drop/leads-*.ndjson.gz")
        static let columns = Field<DeclaredColumns>(
            "columns",
            example: "{ id: integer, zip: { from: address.zip, default: \"\" }, tags: json }",
            doc: """
                Which columns are read, in this order, and what their values mean. Each is a name with a type, or with `type` (text unless \
                given), `default` (for a value that is missing or null) and `from`: names with dots between them (`address.zip`), or a JSON Pointer \
                (`/phones/0/number`, `/a.b`). Without `from` it is the member of the column's own name. A list of names does, too. An object \
                or array is text or `json` as it is written in the file; numbers keep all their digits. Of a name that an object has \
                twice, the last one counts. A row with a value that is not of its type is invalid, if the pipeline makes anything of the \
                column. \(FileSetting.typesOfText)
                """
        )
        static let format = Field<String>(
            "format",
            form: .choice(["auto", "lines", "array"]),
            default: "auto",
            doc: """
                `lines` has a record on each line (NDJSON), `array` one array of records, in a file of any size. `auto` takes a file that \
                begins with a bracket for an array.
                """,
            check: { ["auto", "lines", "array"].contains($0) ? nil : "must be `auto`, `lines` or `array`" }
        )
        static let recordsAt = Field<String?>(
            "records_at",
            example: "/data/items",
            doc: "Where the array of records is within one document, as a JSON Pointer.",
            check: {
                $0.map { JSONPath(pointer: $0) == nil } ?? false
                    ? "must be a JSON Pointer, such as `/data/items`" : nil
            }
        )
        static let maxRecordBytes = Field<Int>(
            "max_record_bytes",
            default: 1 << 24,
            doc: "A record that is longer cannot be read; it is passed over without being held in memory.",
            check: { (1...1 << 28).contains($0) ? nil : "must be from 1 to \(1 << 28)" }
        )
        static let allowEmpty = FileSetting.allowEmpty(
            "Only for a record on each line: an array of none is `[]`."
        )
        static let onError = FileSetting.onError(
            """
            An array whose text is not JSON ends the run in either case, with the rows before it delivered: nobody can tell where \
            its next record begins.
            """
        )
    }

    public static let spec = ComponentSpec(
        .source,
        "json",
        summary: "Reads files of JSON: a record on each line, or one array of any size, also within a document.",
        fields: [
            Setting.path.spec, FileSetting.key.spec, Setting.columns.spec, Setting.format.spec, Setting.recordsAt.spec,
            FileSetting.encoding.spec, Setting.maxRecordBytes.spec, Setting.allowEmpty.spec, Setting.onError.spec,
        ],
        example: """
            source:
              type: json
              path: drop/leads-*.json
              records_at: /data/leads
              key: [id]
              columns: { id: integer, phone: text, zip: { from: address.zip, default: "" } }
            """
    )

    let options: JSONOptions

    public init(_ settings: Settings) throws {
        let columns = try settings[Setting.columns]
        let key = try settings[FileSetting.key]
        var problems = columns.problems(key: key, settings, Setting.columns)
        let paths = columns.columns.map { column in
            let path = Self.path(of: column)
            if path == nil { problems.append(Self.pathProblem(column, settings)) }
            return path ?? JSONPath([])
        }
        var options = JSONOptions(
            pattern: try FileSetting.pattern(Setting.path, settings),
            key: key,
            columns: columns,
            paths: paths,
            encoding: try settings[FileSetting.encoding]
        )
        options.rules.maxRecordBytes = try settings[Setting.maxRecordBytes]
        options.allowsEmpty = try settings[Setting.allowEmpty]
        options.rules.stopsAtUnreadable = try settings[Setting.onError] == "stop"
        let format = try settings[Setting.format]
        options.rules.format = ["lines": .lines, "array": .document][format]
        if let pointer = try settings[Setting.recordsAt], let path = JSONPath(pointer: pointer) {
            options.rules.recordsAt = path
            options.rules.format = .document
            if format == "lines" {
                problems.append(
                    settings.problem(
                        Setting.recordsAt,
                        "names an array in one document, and `format` is lines",
                        hint: "leave one of the two out"
                    )
                )
            }
        }
        if options.allowsEmpty, options.rules.format == .document {
            problems.append(
                settings.problem(
                    Setting.allowEmpty,
                    "has no use with an array, which has its brackets also without records",
                    hint: "leave it out, or set `format: lines`"
                )
            )
        }
        self.options = options
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }

    public var keyColumns: [String] { options.key }

    public func value(_ text: String?, of column: String) -> String? {
        text ?? options.columns.columns.first { $0.name == column }?.fallback
    }

    public var canBeReadAgain: Bool { !options.pattern.isStandardInput }

    public var declaredSchema: Schema? {
        // That its names are unique was seen when the source was made.
        try? options.columns.schema()
    }

    public func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        let place = try position.map { try $0.decoded(as: JSONPosition.self, of: "json") }
        return try await FilesReader<JSONRows>.open(options, after: place, choosing: choose)
    }

    private static func path(of column: DeclaredColumns.Column) -> JSONPath? {
        switch column.origin {
        case nil: JSONPath([column.name])
        case .name(let text): JSONPath(text)
        case .place: nil
        }
    }

    private static func pathProblem(_ column: DeclaredColumns.Column, _ settings: Settings) -> Problem {
        if case .place(let number) = column.origin {
            return settings.problem(
                Setting.columns,
                ": `\(column.name)` is `from` a number, and members have names",
                hint: "a member that is called so is `from: \"\(number)\"`",
                at: column.location
            )
        }
        return settings.problem(
            Setting.columns,
            ": `\(column.name)` is `from` no path",
            hint: "write `address.zip`, or a JSON Pointer such as `/address/zip`, where ~ is `~0` and / is `~1`",
            at: column.location
        )
    }
}
