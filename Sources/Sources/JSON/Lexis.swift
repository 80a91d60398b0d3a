internal import Glibc
internal import RollcallCore

/// The smallest pieces of JSON (RFC 8259): blanks, strings, numbers and words.
///
/// The text is UTF-8 that was found well-formed. What is cut off by the end of the text is a fault of its own (`cutOff`), as more text
/// may follow.
enum Lexis {
    /// Objects and arrays within each other; deeper text is refused.
    static let maxDepth = 512

    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let objectStart = UInt8(ascii: "{")
    static let objectEnd = UInt8(ascii: "}")
    static let arrayStart = UInt8(ascii: "[")
    static let arrayEnd = UInt8(ascii: "]")

    /// Behind the blanks that begin at `start`.
    @inline(__always)
    static func passBlanks(_ text: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < text.count {
            let byte = text[place]
            // All blanks are below what else may stand between values.
            if byte > 0x20 || !isBlank(byte) { return place }
            place += 1
        }
        return place
    }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// The byte at `place`.
    @inline(__always)
    static func byte(_ text: Span<UInt8>, _ place: Int) throws(JSONFault) -> UInt8 {
        guard place < text.count else { throw JSONFault(kind: .cutOff, place: text.count) }
        return text[place]
    }

    /// Finds the quote that ends a string whose text begins at `start`; sets `isEscaped` where the string holds escapes.
    @inline(__always)
    static func stringEnd(_ text: Span<UInt8>, from start: Int, isEscaped: inout Bool) throws(JSONFault) -> Int {
        var place = start
        while true {
            place = text.plainJSONEnd(from: place)
            let byte = try byte(text, place)
            if byte == quote { return place }
            guard byte == backslash else { throw JSONFault(kind: .controlCharacter, place: place) }
            isEscaped = true
            place = try passEscape(text, place)
        }
    }

    /// Behind the escape at `place`; a surrogate pair is one.
    static func passEscape(_ text: Span<UInt8>, _ place: Int) throws(JSONFault) -> Int {
        switch try byte(text, place + 1) {
        case quote, backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return place + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(text, place + 2)
            guard unit & 0xF800 == 0xD800 else { return place + 6 }
            let lone = JSONFault(kind: .loneSurrogate, place: place)
            guard unit < 0xDC00, try byte(text, place + 6) == backslash,
                try byte(text, place + 7) == UInt8(ascii: "u")
            else { throw lone }
            guard try codeUnit(text, place + 8) & 0xFC00 == 0xDC00 else { throw lone }
            return place + 12
        default: throw JSONFault(kind: .badEscape, place: place)
        }
    }

    /// The four hexadecimal digits at `place`.
    static func codeUnit(_ text: Span<UInt8>, _ place: Int) throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for index in place..<place + 4 {
            guard let digit = hexadecimal(try byte(text, index)) else {
                throw JSONFault(kind: .badEscape, place: place - 2)
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Behind the number at `start`; one that reaches the end of the text is cut off, unless the text `isEnd`.
    @inline(__always)
    static func numberEnd(_ text: Span<UInt8>, from start: Int, isEnd: Bool) throws(JSONFault) -> Int {
        var place = start
        if text[place] == UInt8(ascii: "-") { place += 1 }
        if try byte(text, place) == UInt8(ascii: "0") {
            place += 1
        } else {
            place = try passDigits(text, place)
        }
        if place < text.count, text[place] == UInt8(ascii: ".") { place = try passDigits(text, place + 1) }
        if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            let sign = try byte(text, place)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { place += 1 }
            place = try passDigits(text, place)
        }
        guard place < text.count || isEnd else { throw JSONFault(kind: .cutOff, place: place) }
        return place
    }

    /// Behind digits, of which there is at least one.
    @inline(__always)
    private static func passDigits(_ text: Span<UInt8>, _ start: Int) throws(JSONFault) -> Int {
        guard isDigit(try byte(text, start)) else { throw JSONFault(kind: .badNumber, place: start) }
        var place = start + 1
        while place < text.count, isDigit(text[place]) { place += 1 }
        return place
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether the bytes at `place` are this word.
    @inline(__always)
    static func isWord(_ word: Span<UInt8>, _ text: Span<UInt8>, _ place: Int) -> Bool {
        guard text.count - place >= word.count else { return false }
        return unsafe text.withUnsafeBytes { text in
            unsafe word.withUnsafeBytes { word in
                guard let bytes = text.baseAddress, let others = word.baseAddress else { return unsafe word.isEmpty }
                return unsafe memcmp(bytes + place, others, word.count) == 0
            }
        }
    }

    /// Behind `true`, `false` or `null` at `start`.
    @inline(__always)
    static func passWord(_ word: StaticString, _ text: Span<UInt8>, _ start: Int) throws(JSONFault) -> Int {
        for index in 0..<word.utf8CodeUnitCount {
            let letter = unsafe word.utf8Start[index]
            guard try byte(text, start + index) == letter else { throw JSONFault(kind: .valueDue, place: start) }
        }
        return start + word.utf8CodeUnitCount
    }
}
