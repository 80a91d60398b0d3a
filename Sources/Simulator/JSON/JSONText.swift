extension [UInt8] {
    /// Appends text as it is.
    mutating func write(_ text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends a number in decimal digits.
    mutating func write(_ number: Int) {
        write(String(number))
    }

    /// Appends a JSON string of text in UTF-8.
    mutating func writeJSONString(_ text: ArraySlice<UInt8>) {
        append(UInt8(ascii: "\""))
        var plain = text.startIndex
        var index = plain
        while index < text.endIndex {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(contentsOf: text[plain..<index])
                plain = index + 1
                switch byte {
                case UInt8(ascii: "\""): write("\\\"")
                case UInt8(ascii: "\\"): write("\\\\")
                default: write("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
                }
            }
            index += 1
        }
        append(contentsOf: text[plain...])
        append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string.
    mutating func writeJSONString(_ text: String) {
        writeJSONString(Array(text.utf8)[...])
    }
}
