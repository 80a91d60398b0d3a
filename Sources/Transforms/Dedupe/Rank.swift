internal import RollcallCore
internal import RollcallExpressions

/// What a value is worth among others of its column: NULL, and what cannot be ordered, the least.
enum Rank: Comparable {
    case none
    case number(NumberText)
    case moment(Moment)
    case text(ByteString)

    init(_ column: PinnedColumn, _ row: Int, _ type: LogicalType) {
        guard !column[row].isNull else {
            self = .none
            return
        }
        self = column.withBytes(of: row) { text in
            var bytes: [UInt8] = []
            bytes.appendBytes(text)
            switch type {
            case .integer, .decimal: return NumberText(bytes).map(Rank.number) ?? .none
            case .date, .timestamp: return Moment(bytes).map(Rank.moment) ?? .none
            // `false` before `true`, as by the letters.
            case .text, .boolean, .json: return .text(ByteString(bytes: bytes))
            }
        }
    }
}

/// Text in the order of its bytes, which is that of its characters' numbers.
struct ByteString: Comparable {
    let bytes: [UInt8]

    static func < (one: ByteString, other: ByteString) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }
}

/// A number with all its digits: these behind a point, times ten to the power of `exponent`.
struct NumberText: Comparable {
    private let isNegative: Bool
    private let exponent: Int
    /// Without zeros at either end; none for zero.
    private let digits: [UInt8]

    /// Nil for what is no finite number.
    init?(_ bytes: [UInt8]) {
        let hasSign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        let unsigned = bytes.dropFirst(hasSign ? 1 : 0)
        let mantissa = unsigned.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        var exponent = 0
        if mantissa.count < unsigned.count {
            let written = String(decoding: unsigned.dropFirst(mantissa.count + 1), as: UTF8.self)
            guard let number = Int(written), abs(number) < 1_000_000_000 else { return nil }
            exponent = number
        }
        var digits: [UInt8] = []
        var hasPoint = false
        var hasDigit = false
        for byte in mantissa {
            switch byte {
            case UInt8(ascii: "."):
                guard !hasPoint else { return nil }
                hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                hasDigit = true
                if digits.isEmpty, byte == UInt8(ascii: "0") {
                    if hasPoint { exponent -= 1 }
                } else {
                    digits.append(byte)
                    if !hasPoint { exponent += 1 }
                }
            default: return nil
            }
        }
        guard hasDigit else { return nil }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isNegative = bytes.first == UInt8(ascii: "-") && !digits.isEmpty
    }

    static func < (one: NumberText, other: NumberText) -> Bool {
        guard one.isNegative == other.isNegative else { return one.isNegative }
        return one.isNegative ? other.isNearerToZero(than: one) : one.isNearerToZero(than: other)
    }

    private func isNearerToZero(than other: NumberText) -> Bool {
        guard !digits.isEmpty, !other.digits.isEmpty else { return digits.isEmpty && !other.digits.isEmpty }
        if exponent != other.exponent { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}
