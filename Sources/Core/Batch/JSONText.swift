extension [UInt8] {
    /// Appends text as a JSON string, quotes included (RFC 8259, section 7).
    public mutating func appendJSONString(_ text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        appendJSONText(text)
        append(UInt8(ascii: "\""))
    }

    /// Appends text as it stands between the quotes of a JSON string.
    ///
    /// Hot: sinks write every value through it. Bytes that need no escape are copied in runs.
    public mutating func appendJSONText(_ text: Span<UInt8>) {
        var runStart = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            appendBytes(text.extracting(runStart..<index))
            appendJSONEscape(byte)
            runStart = index + 1
        }
        appendBytes(text.extracting(runStart..<text.count))
    }

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

    private mutating func appendJSONEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        default:
            append(contentsOf: "u00".utf8)
            append(Self.hexadecimal[Int(byte >> 4)])
            append(Self.hexadecimal[Int(byte & 0x0F)])
        }
    }

    private static var hexadecimal: [UInt8] { Array("0123456789abcdef".utf8) }
}
