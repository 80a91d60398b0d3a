public import RollcallCore

/// Lets the first rows through.
public struct Limit: Transform {
    private enum Setting {
        static let rows = Field<Int>(
            "rows",
            example: "100",
            doc: "How many rows of each run go on, in the order of the source.",
            check: { (0...1_000_000_000).contains($0) ? nil : "must be from 0 to 1000000000" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "limit",
        summary: """
            Lets the first rows of every run through, as for a first look. The others are left out as by a filter: `on_missing` \
            says what becomes of contacts that they had. Every run reads the whole source, or its first rows would not be the \
            same each time.
            """,
        fields: [Setting.rows.spec],
        example: """
            - type: limit
              rows: 100
            """
    )

    private let rows: Int

    public init(_ settings: Settings) throws {
        rows = try settings[Setting.rows]
    }

    public var needsAllRows: Bool { true }

    public func outputSchema(for input: Schema?) -> Schema? { input }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> { output }

    public func open(_ input: Schema) -> any TransformStep {
        Step(left: rows)
    }

    private final class Step: TransformStep {
        private var left: Int

        init(left: Int) {
            self.left = left
        }

        func apply(_ batch: Batch) -> Transformed {
            let count = min(left, batch.rowCount)
            left -= count
            guard count < batch.rowCount else { return Transformed(batch) }
            return Transformed(batch.keeping(Array(0..<count)), filtered: batch.rowCount - count)
        }
    }
}
