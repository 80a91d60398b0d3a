public import RollcallCore

/// Makes the digests of rows that have the same columns.
///
/// A digest covers names and values of all columns, each with its length, so no two rows of other content have one digest.
public struct RowDigester: Sendable {
    private var hash: KeyedHash
    private let nullIsEmpty: Bool

    /// Digests of whole rows of this schema; with `nullIsEmpty`, as the destination cannot tell NULL from the empty text.
    public init(_ key: DigestKey, rowsOf schema: Schema, nullIsEmpty: Bool) {
        var names: [UInt8] = Array("row".utf8)
        for name in schema.names {
            names.appendInteger(UInt32(name.utf8.count))
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

    /// The same digester for a thread of its own.
    public func unshared() -> RowDigester {
        var copy = self
        copy.hash = hash.unshared()
        return copy
    }

    /// The digest of these columns of a row, in their order.
    public func digest(row: Int, of columns: [PinnedColumn]) -> Digest {
        let byteCount = columns.reduce(0) { $0 + Self.lengthByteCount + $1[row].count }
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var end = 0
            for column in columns {
                let length = length(column[row].isNull ? nil : column[row].count)
                unsafe bytes.storeBytes(of: length.littleEndian, toByteOffset: end, as: UInt32.self)
                end += Self.lengthByteCount
                column.withBytes(of: row) { value in
                    unsafe value.withUnsafeBytes { value in
                        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyMemory(from: value)
                    }
                    end += value.count
                }
            }
            let message = UnsafeBufferPointer(buffer)
            return unsafe hash.digest(of: message.span)
        }
    }

    /// The digest of a row that came from elsewhere, such as an export of the list.
    public func digest(_ values: some Collection<String?>) -> Digest {
        var bytes: [UInt8] = []
        for value in values {
            bytes.appendInteger(length(value?.utf8.count))
            if let value { bytes.append(contentsOf: value.utf8) }
        }
        return hash.digest(of: bytes.span)
    }

    private static let lengthByteCount = MemoryLayout<UInt32>.size

    /// What stands before a value of so many bytes, or before NULL.
    private func length(_ byteCount: Int?) -> UInt32 {
        UInt32(truncatingIfNeeded: byteCount ?? (nullIsEmpty ? 0 : -1))
    }
}

extension [UInt8] {
    /// Low byte first.
    mutating func appendInteger(_ integer: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: integer.littleEndian) { unsafe append(contentsOf: $0) }
    }
}
