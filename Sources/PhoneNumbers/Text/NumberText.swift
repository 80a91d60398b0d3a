/// Text that may hold a phone number, as symbols.
enum NumberText {
    /// In characters; a longer text is not looked at.
    static let maximumLength = 250

    /// Runs `body` with the text as symbols: with the bytes themselves where all are ASCII.
    static func read<Result>(
        _ text: Span<UInt8>,
        _ body: (Span<UInt8>) throws(PhoneNumberFault) -> Result
    ) throws(PhoneNumberFault) -> Result {
        if isASCII(text) {
            guard text.count <= maximumLength else { throw .tooLong }
            return try body(text)
        }
        guard let utf8 = try? UTF8Span(validating: text) else { throw .notANumber }
        var symbols = InlineArray<250, UInt8>(repeating: 0)
        var count = 0
        var scalars = utf8.makeUnicodeScalarIterator()
        while let scalar = scalars.next() {
            guard count < maximumLength else { throw .tooLong }
            symbols[count] = Symbol.of(scalar)
            count += 1
        }
        return try body(symbols.span.extracting(first: count))
    }

    private static func isASCII(_ text: Span<UInt8>) -> Bool {
        var union: UInt8 = 0
        for index in text.indices { union |= text[index] }
        return union < 0x80
    }

    /// Where a number may be: from the first digit or plus sign to the last letter, digit or `#`, without a second number.
    ///
    /// Empty where there is no digit and no plus sign.
    static func possibleNumber(_ text: Span<UInt8>) -> Range<Int> {
        guard let start = text.indices.first(where: { Symbol.isPlus(text[$0]) || Symbol.isDigit(text[$0]) }) else {
            return 0..<0
        }
        var end = text.count
        while end > start, !Symbol.isFinal(text[end - 1]) { end -= 1 }
        return start..<(secondNumber(text, in: start..<end) ?? end)
    }

    /// Where a second extension begins, as in `583-6985 x302/x2303`.
    private static func secondNumber(_ text: Span<UInt8>, in range: Range<Int>) -> Int? {
        range.first { start in
            guard text[start] == UInt8(ascii: "/") || text[start] == UInt8(ascii: "\\") else { return false }
            var index = start + 1
            while index < range.upperBound, text[index] == UInt8(ascii: " ") { index += 1 }
            return index < range.upperBound && text[index] == UInt8(ascii: "x")
        }
    }

    /// Whether the text is a number in form: two digits, or at least three with punctuation between them, and behind these
    /// also letters and an extension.
    static func isViable(_ text: Span<UInt8>) -> Bool {
        if text.count == 2, Symbol.isDigit(text[0]), Symbol.isDigit(text[1]) { return true }
        var index = 0
        while index < text.count, Symbol.isPlus(text[index]) { index += 1 }
        for _ in 0..<3 {
            while index < text.count, Symbol.isPunctuation(text[index]) { index += 1 }
            guard index < text.count, Symbol.isDigit(text[index]) else { return false }
            index += 1
        }
        let start = index
        while index < text.count, isNumberSymbol(text[index]) { index += 1 }
        if index == text.count { return true }
        guard let extensionText = ExtensionText(text) else { return false }
        return (start...index).contains { extensionText.isLabel(text, from: $0) }
    }

    private static func isNumberSymbol(_ symbol: UInt8) -> Bool {
        Symbol.isDigit(symbol) || Symbol.isPunctuation(symbol) || Symbol.isNumberLetter(symbol)
    }
}
