public import RollcallCore

/// Fills values up to a length, as for postal codes that a spreadsheet took the zeros from.
public struct Pad: Transform {
    private enum Setting {
        static let column = Field<Located<String>>("column", example: "zip", doc: "The column with the values.")
        static let length = Field<Int>(
            "length",
            example: "5",
            doc:
                "How many characters a value has then. A longer one makes its row invalid, with the code `value_too_long`.",
            check: { (1...1_000).contains($0) ? nil : "must be from 1 to 1000" }
        )
        static let with = Field<String>(
            "with",
            default: "0",
            defaultText: "\"0\"",
            doc: "The character that goes in front of shorter values. NULL stays NULL.",
            check: { $0.unicodeScalars.count == 1 ? nil : "must be one character" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "pad",
        summary: "Fills values up to a length, from the front.",
        fields: [Setting.column.spec, Setting.length.spec, Setting.with.spec],
        example: """
            - type: pad
              column: zip
              length: 5
            """
    )

    private let settings: Settings
    private let column: Located<String>
    private let length: Int
    private let filling: String

    public init(_ settings: Settings) throws {
        self.settings = settings
        column = try settings[Setting.column]
        length = try settings[Setting.length]
        filling = try settings[Setting.with]
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try schema(after: $0).schema }
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        // Rows are refused by the column, whether anybody looks at it or not.
        output.union([column.value])
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        let (schema, place) = try schema(after: input)
        return Step(self, place, schema)
    }

    /// The values are text afterwards: `00042` is no number.
    private func schema(after input: Schema) throws -> (schema: Schema, place: Int) {
        guard let place = input.index(of: column.value) else {
            let problem = settings.problem(
                Setting.column,
                "names no column: \"\(column.value)\"",
                hint: suggestion(for: column.value, among: input.names),
                at: column.location
            )
            throw RollcallError(.configuration, problems: [problem])
        }
        var columns = input.columns
        columns[place] = Schema.Column(column.value)
        return (try Schema(columns), place)
    }

    private final class Step: TransformStep {
        private let pad: Pad
        private let place: Int
        private let schema: Schema

        init(_ pad: Pad, _ place: Int, _ schema: Schema) {
            self.pad = pad
            self.place = place
            self.schema = schema
        }

        func apply(_ batch: Batch) -> Transformed {
            var arena: [UInt8] = []
            var cells: [Cell] = []
            var kept: [Int] = []
            var faults: [RowFault] = []
            for row in 0..<batch.rowCount {
                let start = arena.count
                guard let value = batch.columns[place][row] else {
                    kept.append(row)
                    cells.append(.null)
                    continue
                }
                let count = value.unicodeScalars.count
                if count > pad.length {
                    let reason = "\"\(pad.column.value)\" has \(count) characters, and \(pad.length) are allowed"
                    faults.append(RowFault(row: batch.origin(of: row), code: "value_too_long", reason: reason))
                } else {
                    kept.append(row)
                    for _ in count..<pad.length { arena += Array(pad.filling.utf8) }
                    arena += Array(value.utf8)
                }
                cells.append(Cell(start..<arena.count))
            }
            var columns = batch.columns
            columns[place] = Column(arena: arena, cells: cells)
            let padded = batch.replacing(columns, schema: schema)
            return Transformed(faults.isEmpty ? padded : padded.keeping(kept), invalid: faults)
        }
    }
}
