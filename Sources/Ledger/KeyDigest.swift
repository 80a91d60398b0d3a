public import RollcallCore

/// What a row's key in the source was, without telling it: 128 bits, so that no two keys of however many are taken for one.
public struct KeyDigest: Sendable, Hashable {
    /// In memory and in segments.
    static let byteCount = 16

    let high: UInt64
    let low: UInt64
}

/// Makes the digests of the keys by which a source tells its rows apart.
public struct KeyDigester: Sendable {
    private let values: ValuesHash

    public init(_ key: DigestKey) {
        values = ValuesHash(KeyedHash(key, of: Array("source".utf8)), nullIsEmpty: false)
    }

    /// The digest of a row's values in the key columns.
    public func digest(row: Int, of columns: [PinnedColumn]) -> KeyDigest {
        digest(values.hash(row: row, of: columns))
    }

    public func digest(_ key: some Collection<String?>) -> KeyDigest { digest(values.hash(key)) }

    private func digest(_ hash: SIMD2<UInt64>) -> KeyDigest { KeyDigest(high: hash[0], low: hash[1]) }
}
