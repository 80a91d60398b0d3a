internal import RollcallCore

/// Numbers in the one form that all ways of writing the same number have.
enum PlainNumber {
    /// Digits and zeros of which a number may consist; with more of them it is written with an exponent.
    private static let mostDigits = 40
    /// Exponents are told apart up to this; what has a larger one is left as it is.
    private static let largestExponent = 1_000_000_000

    /// Whether a text surely is in this form; false also for some that are.
    static func isPlain(_ text: Span<UInt8>) -> Bool {
        guard (1...mostDigits).contains(text.count) else { return false }
        let start = text[0] == UInt8(ascii: "-") && text.count > 1 ? 1 : 0
        guard text[start] != UInt8(ascii: "0") || text.count == 1 else { return false }
        for index in start..<text.count where !text[index].isASCIIDigit { return false }
        return true
    }

    /// A text in this form: `7` for `+007`, `7.0` and `70e-1`; as it is where it is no number.
    static func bytes(_ text: Span<UInt8>) -> [UInt8] {
        guard let number = Parts(text) else {
            var bytes: [UInt8] = []
            bytes.appendBytes(text)
            return bytes
        }
        return number.bytes
    }

    /// A number as its digits, without zeros in front and behind, times a power of ten.
    private struct Parts {
        var isNegative = false
        var digits: [UInt8] = []
        var exponent = 0

        init?(_ text: Span<UInt8>) {
            var place = 0
            if place < text.count, text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-") {
                isNegative = text[place] == UInt8(ascii: "-")
                place += 1
            }
            var hasDigit = false
            var hasPoint = false
            while place < text.count {
                if text[place].isASCIIDigit {
                    hasDigit = true
                    if hasPoint { exponent -= 1 }
                    if !digits.isEmpty || text[place] != UInt8(ascii: "0") { digits.append(text[place]) }
                } else if text[place] == UInt8(ascii: "."), !hasPoint {
                    hasPoint = true
                } else {
                    break
                }
                place += 1
            }
            guard hasDigit else { return nil }
            if place < text.count {
                guard let written = Self.exponent(text.extracting(place...)) else { return nil }
                exponent += written
            }
            while digits.last == UInt8(ascii: "0") {
                digits.removeLast()
                exponent += 1
            }
            guard digits.isEmpty else { return }
            isNegative = false
            exponent = 0
        }

        /// The exponent in `e12`, `E+12` or `e-12`.
        private static func exponent(_ text: Span<UInt8>) -> Int? {
            guard text.count > 1, text[0] | 0x20 == UInt8(ascii: "e") else { return nil }
            let hasSign = text[1] == UInt8(ascii: "+") || text[1] == UInt8(ascii: "-")
            let start = hasSign ? 2 : 1
            guard start < text.count else { return nil }
            var value = 0
            for index in start..<text.count {
                guard text[index].isASCIIDigit else { return nil }
                value = value * 10 + Int(text[index] & 0x0F)
                guard value <= largestExponent else { return nil }
            }
            return text[1] == UInt8(ascii: "-") ? -value : value
        }

        var bytes: [UInt8] {
            guard !digits.isEmpty else { return [UInt8(ascii: "0")] }
            let sign = isNegative ? [UInt8(ascii: "-")] : []
            let digitsBeforePoint = digits.count + exponent
            guard digitsBeforePoint <= mostDigits, -exponent <= mostDigits else {
                return sign + digits + Array("e\(exponent)".utf8)
            }
            let zero = UInt8(ascii: "0")
            if exponent >= 0 { return sign + digits + Array(repeating: zero, count: exponent) }
            let point = [UInt8(ascii: ".")]
            guard digitsBeforePoint > 0 else {
                return sign + [zero] + point + Array(repeating: zero, count: -digitsBeforePoint) + digits
            }
            return sign + digits[..<digitsBeforePoint] + point + digits[digitsBeforePoint...]
        }
    }
}
