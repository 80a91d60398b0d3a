internal import Foundation
public import RollcallCore

/// Writes rows as JSON objects, one a line: for looking at what a pipeline makes, and for other programs.
///
/// Not idempotent: a row delivered twice stands in the file twice.
public struct JSONLinesSink: Sink {
    private enum Setting {
        static let path = Field<String>(
            "path",
            example: "leads.jsonl",
            doc: "The file to append to, from the folder of the pipeline file; `-` is standard output."
        )
    }

    public static let spec = ComponentSpec(
        .sink,
        "json_lines",
        summary: "Writes rows as JSON objects, one a line.",
        fields: [Setting.path.spec],
        example: """
            sink:
              type: json_lines
              path: leads.jsonl
            """
    )

    private let path: String

    public init(_ settings: Settings) throws {
        let path = try settings[Setting.path]
        self.path = path == "-" ? path : settings.path(path)
    }

    public var usesStandardOutput: Bool { path == "-" }

    public func check(_ schema: Schema?) {}

    public func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        if usesStandardOutput { return JSONLinesWriter(schema: schema, file: .standardOutput) }
        let exists =
            FileManager.default.fileExists(atPath: path) || FileManager.default.createFile(atPath: path, contents: nil)
        guard exists, let file = FileHandle(forWritingAtPath: path) else {
            throw RollcallError(
                .preflight,
                "\(path) cannot be written",
                hint: "check that its folder exists and may be written"
            )
        }
        try file.seekToEnd()
        return JSONLinesWriter(schema: schema, file: file)
    }
}

/// One file, written whole deliveries at a time.
actor JSONLinesWriter: SinkWriter {
    nonisolated let rowsPerDelivery = 1000
    nonisolated let deliveriesInFlight = 2
    nonisolated let identity: RowIdentity? = nil

    private let names: [[UInt8]]
    private let file: FileHandle

    init(schema: Schema, file: FileHandle) {
        self.file = file
        names = schema.names.map { name in
            var bytes: [UInt8] = []
            bytes.appendJSONString(name)
            return bytes + [UInt8(ascii: ":")]
        }
    }

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport {
        var lines: [UInt8] = []
        for row in 0..<batch.rowCount {
            for (index, column) in batch.columns.enumerated() {
                lines.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
                lines.append(contentsOf: names[index])
                let cell = column.cells[row]
                if cell.isNull {
                    lines.append(contentsOf: "null".utf8)
                } else {
                    lines.appendJSONString(column.arena.span.extracting(cell.range))
                }
            }
            lines.append(contentsOf: "}\n".utf8)
        }
        do {
            try file.write(contentsOf: lines)
        } catch {
            throw RollcallError(.fatal, "the file could not be written", hint: "is the disk full?", cause: error)
        }
        return DeliveryReport()
    }

    func close() async {
        // Others may still have something to say there.
        guard file !== FileHandle.standardOutput else { return }
        try? file.close()
    }
}
