public import RollcallCore

/// Lets a share of the rows through, always the same ones.
public struct Sample: Transform {
    private enum Setting {
        static let share = Field<Allowance>(
            "share",
            form: .text,
            example: "10%",
            doc: "About how many of a hundred rows go on.",
            check: { share in
                if case .share = share { return nil }
                return "must be a percentage such as `10%`"
            }
        )
        static let key = Field<[Located<String>]>(
            "key",
            example: "[id]",
            doc: """
                The columns that decide whether a row goes on: rows with the same values share their fate, in every run. A larger \
                share has all rows of a smaller one.
                """,
            check: { $0.isEmpty ? "must name at least one column" : nil }
        )
        static let seed = Field<String>(
            "seed",
            default: "",
            defaultText: "\"\"",
            example: "pilot-2",
            doc: "Any text; another one chooses other rows."
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "sample",
        summary: """
            Lets a share of the rows through, always the same ones, as for a pilot. The others are left out as by a filter: \
            `on_missing` says what becomes of contacts that they had.
            """,
        fields: [Setting.share.spec, Setting.key.spec, Setting.seed.spec],
        example: """
            - type: sample
              share: 10%
              key: [id]
            """
    )

    private let settings: Settings
    private let key: [Located<String>]
    private let seed: String
    /// Hashes below this go on; nil lets all rows through.
    private let bound: UInt64?

    public init(_ settings: Settings) throws {
        self.settings = settings
        key = try settings[Setting.key]
        seed = try settings[Setting.seed]
        if case .share(let percent) = try settings[Setting.share], percent < 100 {
            bound = UInt64(percent / 100 * Double(sign: .plus, exponent: UInt64.bitWidth, significand: 1))
        } else {
            bound = nil
        }
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        if let input { _ = try settings.indices(of: key, in: input, for: Setting.key) }
        return input
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(key.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        Step(try settings.indices(of: key, in: input, for: Setting.key), seed: Array(seed.utf8), bound: bound)
    }

    private final class Step: TransformStep {
        private let key: [Int]
        private let seedHash: UInt64
        private let bound: UInt64?

        init(_ key: [Int], seed: [UInt8], bound: UInt64?) {
            self.key = key
            seedHash = seed.span.stableHash
            self.bound = bound
        }

        func apply(_ batch: Batch) -> Transformed {
            guard let bound else { return Transformed(batch) }
            let rows = batch.withPinnedColumns { columns in
                let keys = key.map { columns[$0] }
                return (0..<batch.rowCount).filter { hash($0, keys) < bound }
            }
            return Transformed(batch.keeping(rows), filtered: batch.rowCount - rows.count)
        }

        /// Of the values in their order; NULL is none of the others.
        private func hash(_ row: Int, _ keys: [PinnedColumn]) -> UInt64 {
            var hash = seedHash
            for key in keys {
                let sort: UInt64 = key[row].isNull ? 0 : 1
                hash = key.withBytes(of: row) { $0.stableHash(seed: hash &* 2 &+ sort) }
            }
            return hash
        }
    }
}
