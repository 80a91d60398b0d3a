internal import RollcallCore

/// Bytes as Postgres' text form of `bytea` has them.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// By digit; 0xFF for what is none.
    private static let values = (0...255).map { byte in
        UInt8(truncatingIfNeeded: Character(Unicode.Scalar(UInt8(byte))).hexDigitValue ?? 0xFF)
    }

    static func appendDigits(of bytes: [UInt8], to text: inout [UInt8]) {
        let digits = digits
        text.reserveCapacity(text.count + 2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
    }

    /// Nil where `text` is no pairs of hexadecimal digits.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        return append(Array(text.utf8).span, to: &bytes) ? bytes : nil
    }

    /// Whether `text` was pairs of hexadecimal digits.
    static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard text.count.isMultiple(of: 2) else { return false }
        let values = values
        bytes.reserveCapacity(bytes.count + text.count / 2)
        var place = 0
        while place < text.count {
            let high = values[Int(text[place])]
            let low = values[Int(text[place + 1])]
            guard high < 16, low < 16 else { return false }
            bytes.append(high << 4 | low)
            place += 2
        }
        return true
    }
}
