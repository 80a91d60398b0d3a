extension Span<UInt8> {
    /// As a string, for what bytes alone cannot tell.
    var text: String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    var isASCII: Bool {
        for index in indices where self[index] >= 0x80 { return false }
        return true
    }

    /// Whether there is nothing but white space.
    var isBlank: Bool { trimmedRange.isEmpty }

    /// What is left without the white space at both ends, in the sense of Unicode.
    var trimmedRange: Range<Int> {
        var start = 0
        var end = count
        while start < end, self[start].isASCIIBlank { start += 1 }
        while end > start, self[end - 1].isASCIIBlank { end -= 1 }
        guard start < end, self[start] >= 0x80 || self[end - 1] >= 0x80 else { return start..<end }
        let text = extracting(start..<end).text.unicodeScalars
        let leading = text.prefix { $0.properties.isWhitespace }
        guard leading.count < text.count else { return end..<end }
        let trailing = text.reversed().prefix { $0.properties.isWhitespace }
        let widths = (leading.map(\.utf8Width), trailing.map(\.utf8Width))
        return (start + widths.0.reduce(0, +))..<(end - widths.1.reduce(0, +))
    }
}

extension UInt8 {
    /// A blank, a tab or a line break.
    var isASCIIBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    var isASCIILetter: Bool { (0x41...0x5A).contains(self & 0xDF) && self < 0x80 }
    var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
}

extension Unicode.Scalar {
    fileprivate var utf8Width: Int { UTF8.width(self) }
}
