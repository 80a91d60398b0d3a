internal import Crypto
public import RollcallCore

/// Replaces values by keyed digests.
public struct Hash: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[national_id]",
            doc: """
                The columns whose values are replaced by their digests: 64 hexadecimal digits. NULL stays NULL. The same value has the \
                same digest in every column and every run, so write it in one form first, with a `text` step.
                """
        )
        static let key = Field<Secret>(
            "key",
            example: "${ROLLCALL_HASH_KEY}",
            doc: """
                The key, without which nobody can find values by trying: at least 16 characters, for instance from \
                `openssl rand -hex 32`. With another key all digests are others, and so are contact ids made of them.
                """,
            check: { $0.reveal().utf8.count < 16 ? "must have at least 16 characters" : nil }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "hash",
        summary:
            "Replaces values by keyed digests (HMAC-SHA256 in hexadecimal digits), which tell equal values apart from others.",
        fields: [Setting.columns.spec, Setting.key.spec],
        example: """
            - type: hash
              columns: [national_id]
              key: ${ROLLCALL_HASH_KEY}
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let key: SymmetricKey

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        key = SymmetricKey(data: Array(try settings[Setting.key].reveal().utf8))
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
        // Takes in the key once; each value goes on with a copy.
        let keyed = HMAC<SHA256>(key: key)
        return try ColumnRewriter(indices, of: input) { value, arena in
            var hash = keyed
            unsafe value.withUnsafeBytes { unsafe hash.update(data: $0) }
            for byte in hash.finalize() {
                arena.append(Self.digits[Int(byte >> 4)])
                arena.append(Self.digits[Int(byte & 0x0F)])
            }
            return .replaced
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
