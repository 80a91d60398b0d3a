import NIOCore

extension ByteBuffer {
    /// Writes a JSON string of text in UTF-8.
    mutating func writeJSONString(_ text: some RandomAccessCollection<UInt8>) {
        writeInteger(UInt8(ascii: "\""))
        var plain = text.startIndex
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            writeBytes(text[plain..<index])
            plain = text.index(after: index)
            switch byte {
            case UInt8(ascii: "\""): writeStaticString("\\\"")
            case UInt8(ascii: "\\"): writeStaticString("\\\\")
            default: writeString("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            }
        }
        writeBytes(text[plain...])
        writeInteger(UInt8(ascii: "\""))
    }

    /// Writes a JSON string.
    mutating func writeJSONString(_ text: String) {
        writeJSONString(Array(text.utf8))
    }
}
