internal import Crypto
public import RollcallCore

/// Lets only the first of rows with the same values through.
public struct Dedupe: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[phone]",
            doc: """
                The columns that are compared, exactly and in case; so write their values in one form first. A row that has NULL or \
                empty text in one of them is like no other, and goes on.
                """
        )
        static let maximumKeys = Field<Int>(
            "max_keys",
            default: 2_000_000,
            doc: """
                How many different values are remembered; a run that meets more ends with an error. Each takes 22 to 43 bytes of \
                memory, two million 67 MB, and for a moment half as much again while the table grows.
                """,
            check: { (1...1_000_000_000).contains($0) ? nil : "must be from 1 to 1000000000" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "dedupe",
        summary: """
            Lets only the first of rows with the same values through, in the order of the source, over the whole run. The others \
            are left out as by a filter: `on_missing` says what becomes of contacts that they had. Every run reads the whole \
            source, or a row could not be known for a later one. Where another row comes first in a later run, as when a cursor \
            moved, that one becomes a contact, too: use `on_missing: uncallable` or `delete`, or the former one can still be called.
            """,
        fields: [Setting.columns.spec, Setting.maximumKeys.spec],
        example: """
            - type: dedupe
              columns: [phone]
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let maximumKeys: Int

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        maximumKeys = try settings[Setting.maximumKeys]
    }

    public var needsAllRows: Bool { true }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        if let input { _ = try settings.indices(of: columns, in: input, for: Setting.columns) }
        return input
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        let hint = "raise it if the memory is there; a million more values take up to 43 MB"
        let overflow = settings.problem(Setting.maximumKeys, "is \(maximumKeys), and there are more values", hint: hint)
        return Step(
            try settings.indices(of: columns, in: input, for: Setting.columns),
            maximumKeys: maximumKeys,
            overflow: RollcallError(.fatal, problems: [overflow])
        )
    }

    private final class Step: TransformStep {
        private let columns: [Int]
        private let maximumKeys: Int
        private let overflow: RollcallError
        private var seen = DigestSet()

        init(_ columns: [Int], maximumKeys: Int, overflow: RollcallError) {
            self.columns = columns
            self.maximumKeys = maximumKeys
            self.overflow = overflow
        }

        func apply(_ batch: Batch) throws -> Transformed {
            var kept: [Int] = []
            kept.reserveCapacity(batch.rowCount)
            batch.withPinnedColumns { pinned in
                let keys = columns.map { pinned[$0] }
                for row in 0..<batch.rowCount {
                    let isLikeNoOther = keys.contains { $0[row].count == 0 }
                    if isLikeNoOther || seen.insert(digest(row, keys)) { kept.append(row) }
                }
            }
            guard seen.count <= maximumKeys else { throw overflow }
            guard kept.count < batch.rowCount else { return Transformed(batch) }
            return Transformed(batch.keeping(kept), filtered: batch.rowCount - kept.count)
        }

        /// The first 128 bits of a SHA-256 of the values, each behind its length.
        private func digest(_ row: Int, _ keys: [PinnedColumn]) -> DigestSet.Element {
            var hash = SHA256()
            for key in keys {
                unsafe withUnsafeBytes(of: UInt32(key[row].count)) { unsafe hash.update(bufferPointer: $0) }
                key.withBytes(of: row) { bytes in
                    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
                }
            }
            return unsafe hash.finalize().withUnsafeBytes { bytes in
                DigestSet.Element(
                    first: unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                    second: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                )
            }
        }
    }
}
