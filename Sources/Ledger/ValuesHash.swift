internal import RollcallCore

/// The hash of some values one after the other, each with its length, so that other values make another message.
struct ValuesHash: Sendable {
    private let hash: KeyedHash
    private let nullIsEmpty: Bool

    init(_ hash: KeyedHash, nullIsEmpty: Bool) {
        self.hash = hash
        self.nullIsEmpty = nullIsEmpty
    }

    /// Of these columns of a row, in their order.
    func hash(row: Int, of columns: [PinnedColumn]) -> SIMD2<UInt64> {
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
            return unsafe hash.hash(of: message.span)
        }
    }

    func hash(_ values: some Collection<String?>) -> SIMD2<UInt64> {
        var bytes: [UInt8] = []
        for value in values {
            bytes.appendInteger(length(value?.utf8.count))
            if let value { bytes.append(contentsOf: value.utf8) }
        }
        return hash.hash(of: bytes.span)
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
