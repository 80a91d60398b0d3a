public import RollcallCore

/// Makes the digests of rows that have the same columns.
///
/// A digest covers names and values of all columns, each with its length, so no two rows of other content have one digest.
public struct RowDigester: Sendable {
    private let hash: KeyedHash
    private let nullIsEmpty: Bool
    private var buffer: [UInt8] = []

    /// Digests of whole rows of this schema; with `nullIsEmpty`, as the destination cannot tell NULL from the empty text.
    public init(_ key: DigestKey, rowsOf schema: Schema, nullIsEmpty: Bool) {
        var names: [UInt8] = Array("row".utf8)
        for name in schema.names {
            names.appendLength(name.utf8.count)
            names.append(contentsOf: name.utf8)
        }
        hash = KeyedHash(key, beginning: names)
        self.nullIsEmpty = nullIsEmpty
    }

    /// Digests of the keys by which a source tells its rows apart.
    public init(sourceKeys key: DigestKey) {
        hash = KeyedHash(key, beginning: Array("source".utf8))
        nullIsEmpty = false
    }

    /// The digest of these columns of a row, in their order.
    public mutating func digest(row: Int, of columns: [PinnedColumn]) -> Digest {
        buffer.removeAll(keepingCapacity: true)
        for column in columns {
            if column[row].isNull {
                buffer.appendLength(nullIsEmpty ? 0 : -1)
            } else {
                buffer.appendLength(column[row].count)
                column.withBytes(of: row) { buffer.appendBytes($0) }
            }
        }
        return hash.digest(of: buffer.span)
    }

    /// The digest of a row that came from elsewhere, such as an export of the list.
    public mutating func digest(_ values: some Collection<String?>) -> Digest {
        buffer.removeAll(keepingCapacity: true)
        for value in values {
            buffer.appendLength(value?.utf8.count ?? (nullIsEmpty ? 0 : -1))
            if let value { buffer.append(contentsOf: value.utf8) }
        }
        return hash.digest(of: buffer.span)
    }
}

extension [UInt8] {
    fileprivate mutating func appendLength(_ length: Int) {
        appendInteger(UInt32(truncatingIfNeeded: length))
    }

    /// Low byte first.
    mutating func appendInteger(_ integer: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: integer.littleEndian) { unsafe append(contentsOf: $0) }
    }
}
