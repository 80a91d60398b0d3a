/// Lists as values for `$1::text[]`.
enum PostgresArray {
    /// Postgres' text form of an array of text.
    ///
    /// NUL, which Postgres cannot store in text, becomes the replacement character: what is listed here may come from a
    /// row of any source, and a strange row must not end a run.
    static func literal(_ elements: [String]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in element.utf8 {
                switch byte {
                case 0: bytes += "\u{FFFD}".utf8
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
