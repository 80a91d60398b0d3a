/// The digits at the end of a text, which are an extension if a label such as `ext.` stands before them.
struct ExtensionText {
    let digits: Range<Int>
    /// Whether a `#` follows the digits.
    private let hasHash: Bool

    /// Nil where the text does not end in digits, or in digits and `#`.
    init?(_ text: Span<UInt8>) {
        hasHash = !text.isEmpty && text[text.count - 1] == UInt8(ascii: "#")
        let end = hasHash ? text.count - 1 : text.count
        var start = end
        while start > 0, Symbol.isDigit(text[start - 1]) { start -= 1 }
        guard start < end else { return nil }
        digits = start..<end
    }

    /// Where the label begins, as early as possible; nil where there is none.
    func labelStart(_ text: Span<UInt8>) -> Int? {
        (0..<digits.lowerBound).first { isLabel(text, from: $0) }
    }

    /// Whether all from `start` to the digits is a label that may stand before so many of them.
    ///
    /// The clearer the label, the longer the extension may be.
    func isLabel(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard start < digits.lowerBound, !Symbol.isDigit(text[start]) else { return false }
        let label = text.extracting(start..<digits.lowerBound)
        if digits.count <= 20 {
            if !hasHash && ExtensionLabel.isParameter(label) { return true }
            if ExtensionLabel.isExplicit(label) { return true }
        }
        if digits.count <= 15 && ExtensionLabel.isDialledLater(label) { return true }
        if digits.count <= 9 && (ExtensionLabel.isAmbiguous(label) || ExtensionLabel.isCommas(label)) { return true }
        return hasHash && digits.count <= 6 && ExtensionLabel.isDashes(label)
    }
}
