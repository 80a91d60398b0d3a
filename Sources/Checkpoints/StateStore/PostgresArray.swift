/// Lists as values for `$1::text[]`, and of bytes for `$1::bytea[]`.
enum PostgresArray {
    /// Postgres' text form of an array of `bytea`; nil is NULL.
    static func literal(ofBytes elements: [[UInt8]?]) -> String {
        var text: [UInt8] = [UInt8(ascii: "{")]
        text.reserveCapacity(elements.reduce(2) { $0 + 2 * ($1?.count ?? 0) + 8 })
        for element in elements {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            guard let element else {
                text.append(contentsOf: "NULL".utf8)
                continue
            }
            // The backslash that bytes begin with is escaped within an array.
            text.append(contentsOf: #""\\x"#.utf8)
            Hexadecimal.appendDigits(of: element, to: &text)
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Postgres' text form of an array of text; nil is NULL.
    static func literal(_ elements: [String?]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            guard let element else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in element.replacingNUL.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// With the replacement character for NUL, which Postgres cannot store in text.
    ///
    /// For text that may come from a row of any source: a strange row must not end a run.
    var replacingNUL: String {
        utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self
    }
}
