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
    private let isUpper: Bool
    private let isTitle: Bool
    /// Letters and digits since the word began.
    private var wordLength = 0
    /// Whether the last scalar was an apostrophe within a word.
    private var isBehindApostrophe = false
    /// Where a sigma stands that is the last of its word, unless a letter follows.
    private var finalSigma: Int?

    public init(_ letterCase: LetterCase) {
        isUpper = letterCase == .upper
        isTitle = letterCase == .title
    }

    /// Appends the next scalar in its case to what was appended before.
    public mutating func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let traits = ScalarTraits.of(scalar)
        if let place = finalSigma, !traits.isMark {
            if traits.isPartOfWord { bytes[place + 1] = Self.lastByteOfInnerSigma }
            finalSigma = nil
        }
        let isCapital = isUpper || isTitle && beginsPart
        if !isCapital, scalar == "Σ", wordLength > 0 {
            finalSigma = bytes.count
            bytes.append(contentsOf: "ς".utf8)
        } else if let simple = isCapital ? (isTitle ? traits.title : traits.upper) : traits.lower {
            bytes.append(simple)
        } else {
            let properties = scalar.properties
            let mapped =
                isCapital
                ? (isTitle ? properties.titlecaseMapping : properties.uppercaseMapping) : properties.lowercaseMapping
            bytes.append(contentsOf: mapped.utf8)
        }
        note(scalar, traits)
    }

    private static let lastByteOfInnerSigma: UInt8 = 0x83

    /// Whether a capital is due: at the beginning of a word, and behind an apostrophe that follows a single letter.
    private var beginsPart: Bool { wordLength == 0 || isBehindApostrophe && wordLength == 1 }

    private mutating func note(_ scalar: Unicode.Scalar, _ traits: ScalarTraits) {
        if traits.isPartOfWord {
            wordLength += 1
            isBehindApostrophe = false
        } else if wordLength > 0, !isBehindApostrophe, scalar == "'" || scalar == "’" {
            isBehindApostrophe = true
        } else if !traits.isMark {
            wordLength = 0
            isBehindApostrophe = false
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(UInt8(ascii: scalar))
        } else if let encoded = UTF8.encode(scalar) {
            append(contentsOf: encoded)
        }
    }
}
