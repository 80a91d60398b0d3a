extension [UInt8] {
    /// Appends text as a JSON string, quotes included (RFC 8259, section 7).
    public mutating func appendJSONString(_ text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        appendJSONText(text)
        append(UInt8(ascii: "\""))
    }

    /// Appends text as it stands between the quotes of a JSON string.
    public mutating func appendJSONText(_ text: Span<UInt8>) {
        append(addingCapacity: text.count * Self.mostBytesOfJSON) { $0.appendJSONText(text) }
    }

    /// What a byte becomes at most: `\u001f`.
    public static var mostBytesOfJSON: Int { 6 }

    public mutating func appendJSONString(_ text: String) {
        appendJSONString(Array(text.utf8).span)
    }

    /// Appends a row as a JSON object of its columns, in their order, with a string or null for each.
    public mutating func appendJSONObject(_ schema: Schema, value: (_ column: Int) -> String?) {
        append(UInt8(ascii: "{"))
        for (index, column) in schema.columns.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            appendJSONString(column.name)
            append(UInt8(ascii: ":"))
            if let value = value(index) {
                appendJSONString(value)
            } else {
                append(contentsOf: "null".utf8)
            }
        }
        append(UInt8(ascii: "}"))
    }

    public mutating func appendBytes(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends text as it stands between the quotes of a JSON string; there must be room for it.
    ///
    /// Hot: sinks write every value through it. Bytes that need no escape are copied in runs.
    public mutating func appendJSONText(_ text: Span<UInt8>) {
        var start = 0
        while true {
            let end = text.plainJSONEnd(from: start)
            appendBytes(text.extracting(start..<end))
            guard end < text.count else { return }
            appendJSONEscape(text[end])
            start = end + 1
        }
    }

    /// Appends bytes, for which there must be room.
    public mutating func appendBytes(_ bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity, "there is room for the bytes")
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let source = bytes.baseAddress, let start = buffer.baseAddress else { return }
                unsafe (start + count).initialize(from: source, count: bytes.count)
            }
            count += bytes.count
        }
    }

    private mutating func appendJSONEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        default:
            appendBytes("u00".utf8.span)
            append(Self.hexadecimal(byte >> 4))
            append(Self.hexadecimal(byte & 0x0F))
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

extension Span<UInt8> {
    /// Where the bytes from `start` on that stand for themselves in a JSON string end: at a quote, a backslash, a control character, or
    /// at the end of the text.
    ///
    /// Hot; looks at eight bytes at a time.
    @inlinable
    @inline(__always)
    public func plainJSONEnd(from start: Int) -> Int {
        var place = start
        while place + 8 <= count {
            let word = UInt64(
                littleEndian: unsafe withUnsafeBytes {
                    unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                }
            )
            let marks = Self.jsonMarks(word)
            if marks != 0 { return place + marks.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < count {
            let byte = self[place]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return place }
            place += 1
        }
        return place
    }

    /// The highest bit of each byte that is a quote, a backslash or a control character; the lowest of them is right, and those above it
    /// may be one too many.
    @inlinable
    @inline(__always)
    static func jsonMarks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- (ones &* 0x20)) & ~word)
        return found & (ones &* 0x80)
    }
}
