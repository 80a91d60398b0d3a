internal import RollcallCore

/// The text of strings.
enum JSONString {
    /// The text of a string that was found right, without its escapes.
    static func unescaped(_ string: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.appendUnescaped(string)
        return text
    }
}

extension [UInt8] {
    /// Appends the text of a string that was found right, without its escapes.
    mutating func appendUnescaped(_ string: Span<UInt8>) {
        var place = 0
        while place < string.count {
            let end = string.plainJSONEnd(from: place)
            appendBytes(string.extracting(place..<end))
            guard end < string.count else { return }
            place = appendEscape(string, end)
        }
    }

    /// Appends the character of the escape at `place`.
    ///
    /// - Returns: Where the escape ends.
    private mutating func appendEscape(_ string: Span<UInt8>, _ place: Int) -> Int {
        switch string[place + 1] {
        case UInt8(ascii: "b"): append(0x08)
        case UInt8(ascii: "f"): append(0x0C)
        case UInt8(ascii: "n"): append(0x0A)
        case UInt8(ascii: "r"): append(0x0D)
        case UInt8(ascii: "t"): append(0x09)
        case UInt8(ascii: "u"): return appendCharacter(string, place)
        case let byte: append(byte)
        }
        return place + 2
    }

    private mutating func appendCharacter(_ string: Span<UInt8>, _ place: Int) -> Int {
        do throws(JSONFault) {
            let unit = try Lexis.codeUnit(string, place + 2)
            let isPair = unit & 0xF800 == 0xD800
            let low = isPair ? try Lexis.codeUnit(string, place + 8) : 0
            let value = isPair ? 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF) : unit
            guard let scalar = Unicode.Scalar(value) else { preconditionFailure("a surrogate without its other half") }
            append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            return place + (isPair ? 12 : 6)
        } catch {
            preconditionFailure("escapes were checked when the string was scanned")
        }
    }
}
