/// A character as far as phone numbers tell characters apart, in one byte: ASCII as it is, and names for some others.
enum Symbol {
    /// The ten digits of any other script.
    static let otherDigits: ClosedRange<UInt8> = 0x80...0x89
    static let widePlus: UInt8 = 0x8A
    static let widePunctuation: UInt8 = 0x8B
    static let noBreakSpace: UInt8 = 0x8C
    static let wideFullStop: UInt8 = 0x8D
    static let wideTilde: UInt8 = 0x8E
    /// `ー`, which is punctuation in a number and a letter elsewhere.
    static let prolongedSound: UInt8 = 0x8F
    static let wideE: UInt8 = 0x90
    static let wideI: UInt8 = 0x91
    static let wideN: UInt8 = 0x92
    static let wideT: UInt8 = 0x93
    static let wideX: UInt8 = 0x94
    static let wideHash: UInt8 = 0x95
    /// `ó` in one character.
    static let oWithAcute: UInt8 = 0x96
    static let combiningAcute: UInt8 = 0x97
    static let cyrillicDe: UInt8 = 0x98
    static let cyrillicO: UInt8 = 0x99
    static let cyrillicBe: UInt8 = 0x9A
    /// `ſ`, which is an `s` where case does not count, as `ı` and `İ` are an `i` and the sign for Kelvin is a `k`.
    static let longS: UInt8 = 0x9B
    static let dotlessI: UInt8 = 0x9C
    static let dottedI: UInt8 = 0x9D
    static let kelvin: UInt8 = 0x9E
    /// A letter or a number of no other meaning.
    static let otherLetter: UInt8 = 0x9F
    static let other: UInt8 = 0xA0

    static func isDigit(_ symbol: UInt8) -> Bool {
        symbol &- UInt8(ascii: "0") < 10 || symbol &- otherDigits.lowerBound < 10
    }

    static func isASCIILetter(_ symbol: UInt8) -> Bool {
        (symbol | 0x20) &- UInt8(ascii: "a") < 26
    }

    static func isPlus(_ symbol: UInt8) -> Bool {
        symbol == UInt8(ascii: "+") || symbol == widePlus
    }

    /// What may stand between the digits; `x` often stands in for the digits of a carrier.
    static func isPunctuation(_ symbol: UInt8) -> Bool {
        switch symbol {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "~"), UInt8(ascii: "*"),
            UInt8(ascii: "x"), UInt8(ascii: "X"), widePunctuation, noBreakSpace, wideFullStop, wideTilde,
            prolongedSound:
            true
        default:
            false
        }
    }

    /// A letter that may stand for a digit behind the first digits of a number.
    static func isNumberLetter(_ symbol: UInt8) -> Bool {
        isASCIILetter(symbol) || longS...kelvin ~= symbol
    }

    /// What a number may end in; anything else at the end of a text is dropped.
    static func isFinal(_ symbol: UInt8) -> Bool {
        switch symbol {
        case UInt8(ascii: "#"), prolongedSound...wideX, oWithAcute, cyrillicDe...otherLetter: true
        default: isDigit(symbol) || isASCIILetter(symbol)
        }
    }

    /// The letter in lower case; what is no ASCII letter and none in disguise is left as it is.
    static func lowercased(_ symbol: UInt8) -> UInt8 {
        switch symbol {
        case longS: UInt8(ascii: "s")
        case dotlessI, dottedI: UInt8(ascii: "i")
        default: isASCIILetter(symbol) ? symbol | 0x20 : symbol
        }
    }

    /// The digit on whose key the symbol is; nil for what has none.
    static func keypadDigit(_ symbol: UInt8) -> UInt8? {
        switch symbol == dottedI ? other : lowercased(symbol) {
        case UInt8(ascii: "a")...UInt8(ascii: "c"): return UInt8(ascii: "2")
        case UInt8(ascii: "d")...UInt8(ascii: "f"): return UInt8(ascii: "3")
        case UInt8(ascii: "g")...UInt8(ascii: "i"): return UInt8(ascii: "4")
        case UInt8(ascii: "j")...UInt8(ascii: "l"): return UInt8(ascii: "5")
        case UInt8(ascii: "m")...UInt8(ascii: "o"): return UInt8(ascii: "6")
        case UInt8(ascii: "p")...UInt8(ascii: "s"): return UInt8(ascii: "7")
        case UInt8(ascii: "t")...UInt8(ascii: "v"): return UInt8(ascii: "8")
        case UInt8(ascii: "w")...UInt8(ascii: "z"): return UInt8(ascii: "9")
        default: return nil
        }
    }

    /// The ASCII digit of a digit of any script.
    static func asciiDigit(_ symbol: UInt8) -> UInt8 {
        symbol < 0x80 ? symbol : symbol - otherDigits.lowerBound + UInt8(ascii: "0")
    }
}
