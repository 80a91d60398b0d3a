/// Makes a number of text, step by step as libphonenumber does, since the order of the steps decides what odd text means.
struct NumberParser {
    private static let minimumLength = 2
    /// The ITU says 15, and Germany has longer ones.
    private static let maximumLength = 17

    /// Where a number without a calling code is from.
    let region: PhoneRegion?
    let metadata = Metadata.shared

    init(region: PhoneRegion?) {
        self.region = region
    }

    /// Reads all of what was given, as symbols.
    func parse(_ text: Span<UInt8>) throws(PhoneNumberFault) -> PhoneNumber {
        guard let context = try PhoneContext(text) else {
            return try parse(numberIn: text.extracting(NumberText.possibleNumber(text)))
        }
        var joined = InlineArray<250, UInt8>(repeating: 0)
        var count = 0
        for range in [context.prefix, context.localNumber] {
            for index in range {
                joined[count] = text[index]
                count += 1
            }
        }
        return try parse(numberIn: joined.span.extracting(first: count))
    }

    /// Reads a number, perhaps with a subaddress, which is not dialled.
    private func parse(numberIn text: Span<UInt8>) throws(PhoneNumberFault) -> PhoneNumber {
        let end = text.range(of: ";isub=")?.lowerBound ?? text.count
        return try parse(whole: text.extracting(first: end))
    }

    private func parse(whole text: Span<UInt8>) throws(PhoneNumberFault) -> PhoneNumber {
        guard NumberText.isViable(text) else { throw .notANumber }
        let hasPlus = Symbol.isPlus(text[0])
        guard region != nil || hasPlus else { throw .unknownCallingCode }
        let (extensionDigits, end) = separateExtension(text)
        let dialled = normalised(text.extracting(first: end))
        let (plan, national) = try separateCallingCode(dialled, hasPlus: hasPlus)
        guard national.count >= Self.minimumLength else { throw .tooShort }
        let number = nationalNumber(of: national, plan)
        guard number.count >= Self.minimumLength else { throw .tooShort }
        guard number.count <= Self.maximumLength else { throw .tooLong }
        var digits = PhoneDigits()
        for index in 0..<number.count { digits.append(number[index]) }
        return PhoneNumber(callingCode: plan.callingCode, nationalNumber: digits, extensionDigits: extensionDigits)
    }

    /// - Returns: The extension, and where the number before it ends.
    private func separateExtension(_ text: Span<UInt8>) -> (PhoneDigits, Int) {
        var digits = PhoneDigits()
        guard let found = ExtensionText(text), let start = found.labelStart(text),
            NumberText.isViable(text.extracting(first: start))
        else { return (digits, text.count) }
        for index in found.digits { digits.append(Symbol.asciiDigit(text[index])) }
        return (digits, start)
    }

    /// The digits that are dialled; with three letters or more, letters count as the digits on their keys.
    private func normalised(_ text: Span<UInt8>) -> DialledDigits {
        var digits = DialledDigits()
        var letters = 0
        for index in text.indices where Symbol.isASCIILetter(text[index]) { letters += 1 }
        for index in text.indices {
            let symbol = text[index]
            if letters < 3 {
                if Symbol.isDigit(symbol) { digits.append(Symbol.asciiDigit(symbol)) }
            } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= symbol {
                digits.append(symbol)
            } else if let digit = Symbol.keypadDigit(symbol) {
                digits.append(digit)
            }
        }
        return digits
    }
}
