/// A region with a numbering plan: a country or territory by its ISO 3166 code, or a calling code that belongs to none.
public struct PhoneRegion: Sendable, Hashable {
    /// Where the region's plan is in the metadata.
    let index: UInt8

    init(index: Int) {
        self.index = UInt8(index)
    }

    /// The region with this code of two letters, in upper or lower case; nil where there is none.
    public init?(_ code: Span<UInt8>) {
        guard code.count == 2, let index = Metadata.shared.region(code[0], code[1]) else { return nil }
        self.init(index: index)
    }

    /// The region with this code of two letters, in upper or lower case; nil where there is none.
    public init?(_ code: String) {
        let bytes = Array(code.utf8)
        self.init(bytes.span)
    }

    /// `GR`; `001` for a calling code that belongs to no country, such as 800.
    public var code: String { Metadata.shared.plans[Int(index)].code }

    /// 30 for Greece.
    public var callingCode: UInt16 { Metadata.shared.plans[Int(index)].callingCode }
}
