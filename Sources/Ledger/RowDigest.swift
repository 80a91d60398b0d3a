public import RollcallCore

/// What a row's content was, without telling it.
///
/// 64 bits: it is compared with what one contact had before and never looked for among others, so a change goes unseen once in 2⁶⁴.
public struct RowDigest: Sendable, Hashable {
    /// In memory and in segments.
    static let byteCount = 8

    let bits: UInt64

    /// Low byte first.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendInteger(bits)
        return bytes
    }
}

/// Makes the digests of rows that have the same columns.
///
/// A digest covers names and values of all columns, each with its length, so rows of other content have other messages.
public struct RowDigester: Sendable {
    private let values: ValuesHash

    /// Digests of rows of this schema; with `nullIsEmpty`, as the destination cannot tell NULL from the empty text.
    public init(_ key: DigestKey, rowsOf schema: Schema, nullIsEmpty: Bool) {
        var kind: [UInt8] = Array("row".utf8)
        for name in schema.names {
            kind.appendInteger(UInt32(name.utf8.count))
            kind.append(contentsOf: name.utf8)
        }
        values = ValuesHash(KeyedHash(key, of: kind), nullIsEmpty: nullIsEmpty)
    }

    /// The digest of a row of these columns, in their order.
    public func digest(row: Int, of columns: [PinnedColumn]) -> RowDigest {
        RowDigest(bits: values.hash(row: row, of: columns)[0])
    }

    /// The digest of a row that came from elsewhere, such as an export of the list.
    public func digest(_ row: some Collection<String?>) -> RowDigest { RowDigest(bits: values.hash(row)[0]) }
}
