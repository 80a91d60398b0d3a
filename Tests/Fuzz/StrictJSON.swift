/// Reads JSON byte by byte as the grammar of RFC 8259 stands, to compare: slow, and easy to see through.
struct StrictJSON {
    private let text: [UInt8]
    private var place = 0
    private var depth = 0
    /// How many elements the outermost array has.
    private(set) var elementCount = 0
    private(set) var isObject = false

    private struct Refused: Error {}

    /// Nil for text that is no JSON, or deeper than its reader allows.
    init?(_ text: some Sequence<UInt8>) {
        self.text = Array(text)
        do {
            blanks()
            isObject = next == UInt8(ascii: "{")
            try value()
            blanks()
            guard place == self.text.count else { return nil }
        } catch {
            return nil
        }
    }

    private var next: UInt8? { place < text.count ? text[place] : nil }

    private mutating func take(_ bytes: ClosedRange<UInt8>) -> Bool {
        guard let next, bytes.contains(next) else { return false }
        place += 1
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        take(UInt8(ascii: character)...UInt8(ascii: character))
    }

    private mutating func require(_ isThere: Bool) throws {
        guard isThere else { throw Refused() }
    }

    private mutating func blanks() {
        while take(" ") || take("\n") || take("\r") || take("\t") {}
    }

    private mutating func value() throws {
        if take("{") { return try members(endingWith: "}", ofObject: true) }
        if take("[") { return try members(endingWith: "]", ofObject: false) }
        if take("\"") { return try string() }
        for word in ["true", "false", "null"] where text[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return
        }
        try number()
    }

    private mutating func members(endingWith end: Unicode.Scalar, ofObject: Bool) throws {
        depth += 1
        defer { depth -= 1 }
        try require(depth <= Lexis.maxDepth)
        blanks()
        if take(end) { return }
        repeat {
            blanks()
            if ofObject {
                try require(take("\""))
                try string()
                blanks()
                try require(take(":"))
                blanks()
            } else if depth == 1 {
                elementCount += 1
            }
            try value()
            blanks()
        } while take(",")
        try require(take(end))
    }

    private mutating func string() throws {
        while !take("\"") {
            guard take("\\") else {
                try require(take(0x20...0xFF))
                continue
            }
            guard take("u") else {
                guard let next, "\"\\/bfnrt".utf8.contains(next) else { throw Refused() }
                place += 1
                continue
            }
            let unit = try codeUnit()
            try require(!(0xDC00...0xDFFF).contains(unit))
            if (0xD800...0xDBFF).contains(unit) {
                try require(take("\\") && take("u"))
                let low = try codeUnit()
                try require((0xDC00...0xDFFF).contains(low))
            }
        }
    }

    private mutating func codeUnit() throws -> Int {
        guard place + 4 <= text.count else { throw Refused() }
        let digits = text[place..<place + 4]
        place += 4
        // Not `Int(_:radix:)` alone, which takes a sign.
        guard digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }) else { throw Refused() }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
    }

    private mutating func number() throws {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        guard take("e") || take("E") else { return }
        _ = take("+") || take("-")
        try digits()
    }

    private mutating func digits() throws {
        try require(take(0x30...0x39))
        while take(0x30...0x39) {}
    }
}
