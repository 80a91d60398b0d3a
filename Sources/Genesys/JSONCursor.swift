/// What is wrong with a JSON text, and where; says nothing of its content.
struct JSONFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A position in a JSON text that is passed over rather than read.
///
/// SAFETY: lives only inside the closure that lends it the bytes, and checks each position against their count.
@safe struct JSONCursor {
    /// A string, from after its first quote up to its last.
    struct Text {
        let start: Int
        let end: Int
        let hasEscapes: Bool
    }

    /// How deep arrays and objects may be nested, as a guard for the stack.
    static let maximumDepth = 128

    private let base: UnsafeRawPointer
    private let count: Int
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress else { throw JSONFault("an empty text") }
        unsafe self.base = base
        count = bytes.count
    }

    func fault(_ what: String) -> JSONFault {
        JSONFault("\(what) at byte \(position)")
    }

    // MARK: - Structure

    /// Passes white space and then this byte.
    @inline(__always)
    mutating func skip(past byte: UInt8) throws {
        guard skipIfNext(byte) else { throw missing(byte) }
    }

    /// Passes white space, and this byte if it follows.
    @inline(__always)
    mutating func skipIfNext(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        position += 1
        return true
    }

    mutating func expectEnd() throws {
        guard next() == nil else { throw fault("text after the end of the array") }
    }

    /// Passes a value of any kind.
    mutating func skipValue(depth: Int = 2) throws {
        guard depth <= Self.maximumDepth else { throw fault("too deep a nesting") }
        switch next() {
        case UInt8(ascii: "\""):
            position += 1
            _ = try finishText()
        case UInt8(ascii: "{"):
            position += 1
            if skipIfNext(UInt8(ascii: "}")) { return }
            repeat {
                _ = try readText()
                try skip(past: UInt8(ascii: ":"))
                try skipValue(depth: depth + 1)
            } while skipIfNext(UInt8(ascii: ","))
            try skip(past: UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            position += 1
            if skipIfNext(UInt8(ascii: "]")) { return }
            repeat {
                try skipValue(depth: depth + 1)
            } while skipIfNext(UInt8(ascii: ","))
            try skip(past: UInt8(ascii: "]"))
        case UInt8(ascii: "t"):
            try skip(word: "true")
        case UInt8(ascii: "f"):
            try skip(word: "false")
        case UInt8(ascii: "n"):
            try skip(word: "null")
        case .some:
            try skipNumber()
        case nil:
            throw fault("an early end")
        }
    }

    /// The next byte that is not white space, which becomes the position.
    @inline(__always)
    private mutating func next() -> UInt8? {
        if position < count, byte(at: position) > 0x20 {
            return byte(at: position)
        }
        return nextAfterSpace()
    }

    private mutating func nextAfterSpace() -> UInt8? {
        while let byte = peek() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    private func missing(_ byte: UInt8) -> JSONFault {
        fault(position < count ? "no \"\(Character(Unicode.Scalar(byte)))\" where one is due" : "an early end")
    }

    private mutating func skip(word: StaticString) throws {
        let length = word.utf8CodeUnitCount
        guard length <= count - position else { throw fault("an unknown word") }
        for index in 0..<length {
            guard byte(at: position &+ index) == (unsafe word.utf8Start[index]) else { throw fault("an unknown word") }
        }
        position += length
    }

    private mutating func skipNumber() throws {
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits()
        }
        if peek() == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws {
        let start = position
        while let byte = peek(), byte &- UInt8(ascii: "0") <= 9 {
            position += 1
        }
        guard position > start else { throw fault("neither a value nor a number") }
    }

    @inline(__always)
    private func peek() -> UInt8? {
        position < count ? byte(at: position) : nil
    }

    /// SAFETY: every caller has compared the index with `count`.
    @inline(__always)
    private func byte(at index: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: index, as: UInt8.self)
    }
}

// MARK: - Strings

extension JSONCursor {
    /// Passes white space and a string, whose escapes are checked.
    mutating func readText() throws -> Text {
        try skip(past: UInt8(ascii: "\""))
        return try finishText()
    }

    /// Passes the rest of a string after its first quote.
    private mutating func finishText() throws -> Text {
        let start = position
        var hasEscapes = false
        while true {
            skipPlainBytes()
            switch peek() {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return Text(start: start, end: position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                _ = try readEscape()
            case .some:
                throw fault("a control character in a string")
            case nil:
                throw fault("a string without an end")
            }
        }
    }

    func equals(_ text: Text, _ first: UInt8, _ second: UInt8) -> Bool {
        text.end - text.start == 2 && byte(at: text.start) == first && byte(at: text.start + 1) == second
    }

    func withBytes(of text: Text, _ body: (Span<UInt8>) throws -> Void) rethrows {
        try unsafe body(bytes(from: text.start, to: text.end).bindMemory(to: UInt8.self).span)
    }

    /// Appends the string with its escapes resolved.
    func unescape(_ text: Text, into unescaped: inout [UInt8]) throws {
        var reader = self
        reader.position = text.start
        while reader.position < text.end {
            let plain = reader.position
            reader.skipPlainBytes()
            unsafe unescaped.append(contentsOf: bytes(from: plain, to: reader.position))
            if reader.position < text.end {
                unescaped.append(contentsOf: UTF8.encode(try reader.readEscape()) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private func bytes(from first: Int, to end: Int) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base + first, count: end - first)
    }

    /// Moves to the next quote, backslash or control character, or to the end; eight bytes at a time.
    @inline(__always)
    private mutating func skipPlainBytes() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        // Not the property itself, so that the loop works in a register.
        var index = position
        defer { position = index }
        while index &+ 8 <= count {
            let word = UInt64(littleEndian: unsafe base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            // Each term has the high bit of the bytes that are zero, or below 0x20; its lowest bit is never a false one.
            let hits =
                ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word)
                & highBits
            guard hits == 0 else {
                index &+= hits.trailingZeroBitCount / 8
                return
            }
            index &+= 8
        }
        while index < count {
            let byte = byte(at: index)
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
            index &+= 1
        }
    }

    /// Passes an escape at its backslash and returns the character.
    private mutating func readEscape() throws -> Unicode.Scalar {
        position += 1
        guard let letter = peek() else { throw fault("a string without an end") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readUnicodeEscape()
        default: throw fault("an unknown escape in a string")
        }
    }

    /// Passes the digits of `\uXXXX`, and the second half of a surrogate pair.
    private mutating func readUnicodeEscape() throws -> Unicode.Scalar {
        let first = try readHexDigits()
        if let scalar = Unicode.Scalar(first) {
            return scalar
        }
        guard (0xD800..<0xDC00).contains(first), peek() == UInt8(ascii: "\\") else { throw fault("half a character") }
        position += 1
        guard peek() == UInt8(ascii: "u") else { throw fault("half a character") }
        position += 1
        let second = try readHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw fault("half a character") }
        return scalar
    }

    private mutating func readHexDigits() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("an unknown escape in a string")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
