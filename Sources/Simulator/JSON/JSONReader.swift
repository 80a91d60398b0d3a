/// Reads JSON front to back, without building a tree of it: at a thousand contacts a request, Foundation's decoder is
/// the slowest part of the simulator.
struct JSONReader {
    /// The text is not JSON, or not the JSON that was asked for.
    struct Malformed: Error {
        let expected: String
        /// The byte at which it was expected.
        let offset: Int
    }

    /// Deeper nesting is refused, so that a request cannot exhaust the stack.
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) throws {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw Malformed(expected: "UTF-8", offset: error.byteOffsets.lowerBound)
        }
        self.bytes = bytes
    }

    /// Calls `member` with each key; it must read or skip the value.
    mutating func readObject(_ member: (inout JSONReader, String) throws -> Void) throws {
        try readItems(from: "{", to: "}") { reader in
            let key = try reader.readString()
            guard reader.skip(":") else { throw reader.malformed("`:`") }
            try member(&reader, key)
        }
    }

    /// Calls `element` at each element; it must read or skip it.
    mutating func readArray(_ element: (inout JSONReader) throws -> Void) throws {
        try readItems(from: "[", to: "]", element)
    }

    mutating func readString() throws -> String {
        guard next() == UInt8(ascii: "\"") else { throw malformed("a string") }
        let start = position + 1
        var end = start
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\\") {
            if bytes[end] == UInt8(ascii: "\"") {
                position = end + 1
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
            end += 1
        }
        var text: [UInt8] = []
        let range = try readText(into: &text)
        return String(decoding: text[range], as: UTF8.self)
    }

    /// Appends the text of a string and returns where it stands.
    mutating func readText(into text: inout [UInt8]) throws -> Range<Int> {
        guard skip("\"") else { throw malformed("a string") }
        let start = text.count
        var plain = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[plain..<position])
                position += 1
                return start..<text.count
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[plain..<position])
                position += 1
                try readEscape(into: &text)
                plain = position
            case 0..<0x20:
                throw malformed("no bare control character")
            default:
                position += 1
            }
        }
        throw malformed("the end of a string")
    }

    mutating func readBool() throws -> Bool {
        if skip(literal: "true") { return true }
        if skip(literal: "false") { return false }
        throw malformed("true or false")
    }

    /// Skips a `null`, if one is next.
    mutating func skipNull() -> Bool {
        skip(literal: "null")
    }

    mutating func skipValue() throws {
        guard let first = next() else { throw malformed("a value") }
        switch first {
        case UInt8(ascii: "{"): try readObject { reader, _ in try reader.skipValue() }
        case UInt8(ascii: "["): try readArray { try $0.skipValue() }
        case UInt8(ascii: "\""): _ = try readString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
        default:
            guard skip(literal: "true") || skip(literal: "false") || skip(literal: "null") else {
                throw malformed("a value")
            }
        }
    }

    /// Makes sure that nothing follows.
    mutating func finish() throws {
        guard next() == nil else { throw malformed("the end") }
    }

    private mutating func readItems(
        from open: Unicode.Scalar,
        to close: Unicode.Scalar,
        _ item: (inout JSONReader) throws -> Void
    ) throws {
        guard skip(open) else { throw malformed("`\(open)`") }
        depth += 1
        guard depth <= Self.depthLimit else { throw malformed("at most \(Self.depthLimit) levels") }
        if !skip(close) {
            repeat { try item(&self) } while skip(",")
            guard skip(close) else { throw malformed("`,` or `\(close)`") }
        }
        depth -= 1
    }

    private mutating func readEscape(into text: inout [UInt8]) throws {
        guard position < bytes.count else { throw malformed("an escape") }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try readEscapedScalar()).utf8)
        default: throw malformed("an escape")
        }
    }

    /// Reads the digits after `\u` and, for a character beyond the first plane, the second half of its surrogate pair.
    private mutating func readEscapedScalar() throws -> Unicode.Scalar {
        var unit = try readHexDigits()
        if (0xD800..<0xDC00).contains(unit), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let low = try readHexDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw malformed("a low surrogate") }
            unit = 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else { throw malformed("a surrogate pair") }
        return scalar
    }

    private mutating func readHexDigits() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw malformed("four hexadecimal digits") }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.first != "+", let unit = UInt32(digits, radix: 16) else {
            throw malformed("four hexadecimal digits")
        }
        position += 4
        return unit
    }

    private mutating func skipNumber() throws {
        _ = skip("-")
        if !skip("0") { try skipDigits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        guard position > start else { throw malformed("a digit") }
    }

    /// The first byte after white space, which is skipped.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = next(), byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skip(literal: StaticString) -> Bool {
        let text = literal.description.utf8
        guard next() != nil, bytes[position...].starts(with: text) else { return false }
        position += text.count
        return true
    }

    private func malformed(_ expected: String) -> Malformed {
        Malformed(expected: expected, offset: position)
    }
}
