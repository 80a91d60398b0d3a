/// How letters are to be written.
public enum LetterCase: String, Sendable, CaseIterable {
    case upper
    case lower
    /// Words begin with a capital, and go on in small letters.
    case title
}

/// Writes text in another case, one scalar after the other, as Unicode has it for all languages together.
///
/// A small sigma at the end of a Greek word has its own form.
public struct LetterCaser {
    private let letterCase: LetterCase
    /// Letters, digits and marks since the word began.
    private var wordLength = 0
    /// Whether the last scalar was an apostrophe within a word.
    private var isBehindApostrophe = false
    /// Where a sigma stands that is the last of its word, unless a letter follows.
    private var finalSigma: Int?

    public init(_ letterCase: LetterCase) {
        self.letterCase = letterCase
    }

    /// Appends the next scalar in its case to what was appended before.
    public mutating func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let isLetter = scalar.isPartOfWord
        if let place = finalSigma, !scalar.isMark {
            if isLetter { bytes[place + 1] = Self.lastByteOfInnerSigma }
            finalSigma = nil
        }
        if letterCase != .upper, scalar == "Σ", wordLength > 0, !(letterCase == .title && beginsPart) {
            finalSigma = bytes.count
            bytes.append(contentsOf: "ς".utf8)
        } else {
            appendMapped(scalar, to: &bytes)
        }
        note(scalar, isLetter: isLetter)
    }

    private static let lastByteOfInnerSigma: UInt8 = 0x83

    /// Whether a capital is due: at the beginning of a word, and behind an apostrophe that follows a single letter.
    private var beginsPart: Bool { wordLength == 0 || isBehindApostrophe && wordLength == 1 }

    private mutating func note(_ scalar: Unicode.Scalar, isLetter: Bool) {
        if isLetter {
            wordLength += 1
            isBehindApostrophe = false
        } else if wordLength > 0, !isBehindApostrophe, scalar == "'" || scalar == "’" {
            isBehindApostrophe = true
        } else if !scalar.isMark {
            wordLength = 0
            isBehindApostrophe = false
        }
    }

    private func appendMapped(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let target = letterCase == .title ? (beginsPart ? .upper : .lower) : letterCase
        if scalar.isASCII {
            bytes.append(UInt8(ascii: scalar).inCase(target))
        } else if letterCase == .title, target == .upper {
            bytes.append(contentsOf: scalar.properties.titlecaseMapping.utf8)
        } else if target == .upper {
            bytes.append(contentsOf: scalar.properties.uppercaseMapping.utf8)
        } else {
            bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        }
    }
}

extension UInt8 {
    fileprivate func inCase(_ letterCase: LetterCase) -> UInt8 {
        let others =
            letterCase == .upper ? UInt8(ascii: "a")...UInt8(ascii: "z") : UInt8(ascii: "A")...UInt8(ascii: "Z")
        return others.contains(self) ? self ^ 0x20 : self
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        guard !isASCII else { return false }
        return [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
    }

    fileprivate var isPartOfWord: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case _ where isASCII: false
        default: !isMark && (properties.isAlphabetic || properties.generalCategory == .decimalNumber)
        }
    }
}
