/// What a change of case must know of a scalar.
struct ScalarTraits {
    /// What the scalar becomes; nil where that is several scalars.
    let upper: Unicode.Scalar?
    let lower: Unicode.Scalar?
    let title: Unicode.Scalar?
    let isMark: Bool
    /// Whether it is a letter or a digit.
    let isPartOfWord: Bool

    @inline(__always)
    static func of(_ scalar: Unicode.Scalar) -> ScalarTraits {
        let index = Int(scalar.value)
        return index < frequent.count ? frequent[index] : ScalarTraits(scalar)
    }

    /// The scripts of Europe and their neighbours, where looking into Unicode's tables each time would cost most.
    private static let frequent = (UInt32(0)..<0x600).compactMap(Unicode.Scalar.init).map(ScalarTraits.init)

    private init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        let category = properties.generalCategory
        upper = Self.only(properties.uppercaseMapping)
        lower = Self.only(properties.lowercaseMapping)
        title = Self.only(properties.titlecaseMapping)
        isMark = [.nonspacingMark, .spacingMark, .enclosingMark].contains(category)
        isPartOfWord = !isMark && (properties.isAlphabetic || category == .decimalNumber)
    }

    private static func only(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }
}
