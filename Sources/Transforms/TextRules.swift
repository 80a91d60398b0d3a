internal import Foundation
internal import RollcallValues

/// What the step `text` does to a value.
struct TextRules: Sendable {
    let stripsControl: Bool
    let stripsZeroWidth: Bool
    let letterCase: LetterCase?
    let collapsesBlanks: Bool
    let trims: Bool
    /// Whether letters and their marks become one character (NFC).
    let composes: Bool
    let maximumLength: Int?
    let cuts: Bool

    /// Whether nothing is to be done.
    var isEmpty: Bool {
        !stripsControl && !stripsZeroWidth && letterCase == nil && !collapsesBlanks && !trims && !composes
            && maximumLength == nil
    }

    func rewrite(_ bytes: Span<UInt8>, into arena: inout [UInt8]) -> Rewriting {
        let start = arena.count
        var scalars = ScalarRules(self, start: start)
        if bytes.isASCII {
            for index in bytes.indices { scalars.append(Unicode.Scalar(bytes[index]), to: &arena) }
        } else {
            for scalar in bytes.text.unicodeScalars { scalars.append(scalar, to: &arena) }
            // Behind the change of case, which may take letters and their marks apart.
            if composes { compose(from: start, &arena) }
        }
        if trims { trimEnd(from: start, &arena) }
        return limit(from: start, &arena)
    }

    private func compose(from start: Int, _ arena: inout [UInt8]) {
        let text = String(decoding: arena[start...], as: UTF8.self)
        arena.replaceSubrange(start..., with: text.precomposedStringWithCanonicalMapping.utf8)
    }

    private func trimEnd(from start: Int, _ arena: inout [UInt8]) {
        let value = arena[start...]
        let kept = value.span.trimmedRange
        arena.removeSubrange((start + kept.upperBound)...)
    }

    private func limit(from start: Int, _ arena: inout [UInt8]) -> Rewriting {
        // A value has no more characters than bytes.
        guard let maximumLength, arena.count - start > maximumLength else { return .replaced }
        let text = String(decoding: arena[start...], as: UTF8.self)
        let length = text.utf16.count
        guard length > maximumLength else { return .replaced }
        guard cuts else {
            let reason = "has \(length) characters, and at most \(maximumLength) are allowed"
            return .refused(Refusal(code: "value_too_long", reason: reason))
        }
        var left = maximumLength
        var byteCount = 0
        for character in text {
            left -= character.utf16.count
            guard left >= 0 else { break }
            byteCount += character.utf8.count
        }
        arena.removeSubrange((start + byteCount)...)
        if trims { trimEnd(from: start, &arena) }
        return .replaced
    }
}

/// The rules that go by one scalar after the other.
private struct ScalarRules {
    private let rules: TextRules
    private let start: Int
    private var caser: LetterCaser?
    /// Whether the last scalar was white space that was made a blank.
    private var isBehindBlank = false

    init(_ rules: TextRules, start: Int) {
        self.rules = rules
        self.start = start
        caser = rules.letterCase.map { LetterCaser($0) }
    }

    mutating func append(_ scalar: Unicode.Scalar, to arena: inout [UInt8]) {
        guard let scalar = stripped(scalar) else { return }
        if scalar.isBlank {
            if rules.trims, arena.count == start { return }
            guard rules.collapsesBlanks else { return appendInCase(scalar, to: &arena) }
            if !isBehindBlank { appendInCase(" ", to: &arena) }
            isBehindBlank = true
        } else {
            isBehindBlank = false
            appendInCase(scalar, to: &arena)
        }
    }

    /// Nil for a scalar that is taken out.
    private func stripped(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if rules.stripsControl, scalar.isControl { return scalar.isBlank ? " " : nil }
        return rules.stripsZeroWidth && scalar.hasNoWidth ? nil : scalar
    }

    private mutating func appendInCase(_ scalar: Unicode.Scalar, to arena: inout [UInt8]) {
        if caser != nil {
            caser?.append(scalar, to: &arena)
        } else if scalar.isASCII {
            arena.append(UInt8(ascii: scalar))
        } else {
            arena.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { isASCII ? UInt8(ascii: self).isASCIIBlank : properties.isWhitespace }

    /// Unicode's category Cc.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

    fileprivate var hasNoWidth: Bool {
        switch value {
        // Soft hyphen, combining grapheme joiner; Arabic and Mongolian marks.
        case 0xAD, 0x34F, 0x61C, 0x180E: true
        // Zero-width blank and joiners, direction marks; embeddings; word joiner and invisible operators; isolates.
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069: true
        // The byte order mark, once the zero-width no-break blank.
        case 0xFEFF: true
        default: false
        }
    }
}
