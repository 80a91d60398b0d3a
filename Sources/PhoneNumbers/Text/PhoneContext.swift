/// The parameter of a `tel:` URI that completes a local number: `tel:253-0000;phone-context=+1-650`.
struct PhoneContext {
    /// What is dialled before the local number; empty where the context is a domain, which does not help.
    let prefix: Range<Int>
    let localNumber: Range<Int>

    private static let parameter = ";phone-context="

    /// Nil where the text has no such parameter.
    init?(_ text: Span<UInt8>) throws(PhoneNumberFault) {
        guard let parameter = text.range(of: Self.parameter) else { return nil }
        let start = parameter.upperBound
        let end = (start..<text.count).first { text[$0] == UInt8(ascii: ";") } ?? text.count
        let value = text.extracting(start..<end)
        if Self.isPrefix(value) {
            prefix = start..<end
        } else if Self.isDomain(value) {
            prefix = start..<start
        } else {
            throw .notANumber
        }
        let number = text.range(of: "tel:")?.upperBound ?? 0
        localNumber = min(number, parameter.lowerBound)..<parameter.lowerBound
    }

    /// A plus sign, digits, at least one, and visual separators.
    private static func isPrefix(_ value: Span<UInt8>) -> Bool {
        guard value.count > 1, value[0] == UInt8(ascii: "+") else { return false }
        var hasDigit = false
        for index in 1..<value.count {
            switch value[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): break
            case let symbol where Symbol.isDigit(symbol): hasDigit = true
            default: return false
            }
        }
        return hasDigit
    }

    /// Labels of letters, digits and inner hyphens with dots between them; the last begins with a letter.
    private static func isDomain(_ value: Span<UInt8>) -> Bool {
        var end = value.count
        if end > 0, value[end - 1] == UInt8(ascii: ".") { end -= 1 }
        var start = 0
        while let dot = (start..<end).first(where: { value[$0] == UInt8(ascii: ".") }) {
            guard isDomainLabel(value.extracting(start..<dot)) else { return false }
            start = dot + 1
        }
        return start < end && Symbol.isASCIILetter(value[start]) && isDomainLabel(value.extracting(start..<end))
    }

    private static func isDomainLabel(_ label: Span<UInt8>) -> Bool {
        guard !label.isEmpty, isAlphanumeric(label[0]), isAlphanumeric(label[label.count - 1]) else { return false }
        return label.indices.allSatisfy { isAlphanumeric(label[$0]) || label[$0] == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ symbol: UInt8) -> Bool {
        Symbol.isDigit(symbol) || Symbol.isASCIILetter(symbol)
    }
}
