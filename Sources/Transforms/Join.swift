public import RollcallCore

/// Puts the values of several columns together into one.
public struct Join: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>(
            "columns",
            example: "[street, zip, city]",
            doc:
                "The columns to put together, in order. NULL and empty text are left out, with their separators. They stay.",
            check: { $0.count < 2 ? "must name at least two columns" : nil }
        )
        static let separator = Field<String>(
            "separator",
            default: " ",
            defaultText: "\" \"",
            doc: "What is put between."
        )
        static let into = Field<String>(
            "into",
            example: "address",
            doc: """
                The column for the whole. A name that exists is replaced in its place, another is added at the end. Where there is \
                nothing to put together it is NULL.
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "join",
        summary: "Puts the values of several columns together into one.",
        fields: [Setting.columns.spec, Setting.separator.spec, Setting.into.spec],
        example: """
            - type: join
              columns: [street, zip, city]
              separator: ", "
              into: address
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let separator: [UInt8]
    private let into: String

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        separator = Array(try settings[Setting.separator].utf8)
        into = try settings[Setting.into]
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try step($0).outputs.schema }
    }

    /// A column that is replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.intersection(input.names).union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try step(input)
    }

    private func step(_ input: Schema) throws -> Step {
        Step(
            try settings.indices(of: columns, in: input, for: Setting.columns),
            separator: separator,
            outputs: try OutputColumns([Schema.Column(into)], after: input)
        )
    }

    private final class Step: TransformStep {
        let outputs: OutputColumns
        private let sources: [Int]
        private let separator: [UInt8]

        init(_ sources: [Int], separator: [UInt8], outputs: OutputColumns) {
            self.sources = sources
            self.separator = separator
            self.outputs = outputs
        }

        func apply(_ batch: Batch) -> Transformed {
            let joined = batch.withPinnedColumns { columns in
                let parts = sources.map { columns[$0] }
                var builder = ColumnBuilder(rowCount: batch.rowCount)
                for row in 0..<batch.rowCount {
                    builder.append { arena in
                        let start = arena.count
                        for part in parts where part[row].count > 0 {
                            if arena.count > start { arena += separator }
                            part.withBytes(of: row) { arena.appendBytes($0) }
                        }
                        return arena.count > start
                    }
                }
                return builder.finish()
            }
            return Transformed(outputs.placing([joined], in: batch))
        }
    }
}
