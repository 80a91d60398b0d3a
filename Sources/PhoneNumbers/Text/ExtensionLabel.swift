/// The labels that may stand before the digits of an extension; case does not count.
///
/// Each test says whether all of `text` is such a label.
enum ExtensionLabel {
    /// The parameter of a `tel:` URI: `;ext=`.
    static func isParameter(_ text: Span<UInt8>) -> Bool {
        text.skip(";ext=", at: 0) == text.count
    }

    /// A word: `ext.`, `extension`, `xtn:`, `доб`, `anexo`.
    static func isExplicit(_ text: Span<UInt8>) -> Bool {
        let start = skipSeparators(text, at: 0)
        let end =
            skipExtension(text, at: start) ?? skipWideExtension(text, at: start) ?? text.skip("anexo", at: start)
            ?? text.skip([Symbol.cyrillicDe, Symbol.cyrillicO, Symbol.cyrillicBe], at: start)
        return end.map { isEnd(text, at: $0) } ?? false
    }

    /// A sign that may mean other things, too: `x`, `#`, `~`, `int`.
    static func isAmbiguous(_ text: Span<UInt8>) -> Bool {
        let start = skipSeparators(text, at: 0)
        guard start < text.count else { return false }
        switch text[start] {
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "#"), UInt8(ascii: "~"), Symbol.wideX, Symbol.wideHash,
            Symbol.wideTilde:
            return isEnd(text, at: start + 1)
        default:
            let end = text.skip("int", at: start) ?? text.skip([Symbol.wideI, Symbol.wideN, Symbol.wideT], at: start)
            return end.map { isEnd(text, at: $0) } ?? false
        }
    }

    /// The `,,` or `;` with which telephones wait before they dial on.
    static func isDialledLater(_ text: Span<UInt8>) -> Bool {
        let start = skipSpaces(text, at: 0)
        return (text.skip(",,", at: start) ?? text.skip(";", at: start)).map { isEnd(text, at: $0) } ?? false
    }

    static func isCommas(_ text: Span<UInt8>) -> Bool {
        let start = skipSpaces(text, at: 0)
        let end = text.skip(from: start) { $0 == UInt8(ascii: ",") }
        return end > start && isEnd(text, at: end)
    }

    static func isDashes(_ text: Span<UInt8>) -> Bool {
        !text.isEmpty && text.skip(from: 0) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") } == text.count
    }

    /// A full stop or colon, then separators, then nothing.
    private static func isEnd(_ text: Span<UInt8>, at start: Int) -> Bool {
        var index = start
        if index < text.count, [UInt8(ascii: ":"), UInt8(ascii: "."), Symbol.wideFullStop].contains(text[index]) {
            index += 1
        }
        return text.skip(from: index) { isSeparator($0) || $0 == UInt8(ascii: "-") } == text.count
    }

    private static func skipExtension(_ text: Span<UInt8>, at start: Int) -> Int? {
        guard var index = text.skip("xt", at: text.skip("e", at: start) ?? start) else { return nil }
        if let stem = text.skip("ensi", at: index) {
            if let letter = text.skip("o", at: stem) {
                index = text.skip([Symbol.combiningAcute], at: letter) ?? letter
            } else {
                index = text.skip([Symbol.oWithAcute], at: stem) ?? index
            }
        }
        return text.skip("n", at: index) ?? index
    }

    private static func skipWideExtension(_ text: Span<UInt8>, at start: Int) -> Int? {
        let stem = text.skip([Symbol.wideE], at: start) ?? start
        return text.skip([Symbol.wideX, Symbol.wideT], at: stem).map { text.skip([Symbol.wideN], at: $0) ?? $0 }
    }

    private static func skipSpaces(_ text: Span<UInt8>, at start: Int) -> Int {
        text.skip(from: start) { isSeparator($0) && $0 != UInt8(ascii: ",") }
    }

    private static func skipSeparators(_ text: Span<UInt8>, at start: Int) -> Int {
        text.skip(from: start, while: isSeparator)
    }

    private static func isSeparator(_ symbol: UInt8) -> Bool {
        switch symbol {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), Symbol.noBreakSpace: true
        default: false
        }
    }
}
