/// A row of `COPY … (FORMAT binary)`: each field as its type sends itself, a `bytea` as its bytes, a `boolean` as one byte.
public enum PostgresBinaryRow {
    /// Where in a row, as `PostgresConnection.readCopy` hands it over, the fields are; nil for NULL.
    ///
    /// - Throws: a `PostgresError` of the kind `decoding` for bytes that are no row.
    public static func fields(of row: Span<UInt8>) throws -> [Range<Int>?] {
        var fields: [Range<Int>?] = []
        // Behind the number of fields each has its length and so many bytes.
        var place = 2
        while place < row.count {
            guard place + 4 <= row.count else { throw damaged }
            let length = (place..<place + 4).reduce(0) { $0 << 8 | UInt32(row[$1]) }
            place += 4
            guard length != .max else {
                fields.append(nil)
                continue
            }
            guard place + Int(length) <= row.count else { throw damaged }
            fields.append(place..<place + Int(length))
            place += Int(length)
        }
        return fields
    }

    private static var damaged: PostgresError {
        PostgresError(.decoding, "a row in the binary format ends within a field")
    }
}

/// How a COPY sends its rows.
public enum PostgresCopyFormat: Sendable {
    /// A line for each row.
    case text
    /// As `PostgresBinaryRow` says.
    case binary

    /// A signature of 11 bytes, flags, and the length of an extension that no server sends.
    private static let headerLength = 19

    /// Where in a message its row is; nil where it has none, but the end of the format.
    func row(in message: Span<UInt8>, isFirst: Bool) -> Range<Int>? {
        switch self {
        // Each row ends with a newline, which is not the caller's business.
        case .text: return 0..<message.count - 1
        case .binary:
            let start = isFirst ? Self.headerLength : 0
            // The end is a number of fields that no row has.
            let isEnd = message.count <= start + 2 && message[message.count - 1] == 0xFF
            return isEnd ? nil : start..<message.count
        }
    }
}
