/// A region with a numbering plan: a country or territory by its ISO 3166 code, or a calling code that belongs to none.
public struct PhoneRegion: Sendable, Hashable {
    /// Where the region's plan is in the metadata.
    let index: UInt8

    init(index: Int) {
        self.index = UInt8(index)
    }

    /// The region with this code of two letters, in upper or lower case; nil where there is none.
    ///
    /// `UK` and `EL` are the United Kingdom and Greece: so they are often called, though not by ISO 3166.
    public init?(_ code: Span<UInt8>) {
        guard code.count == 2 else { return nil }
        let index =
            switch (code[0] & 0xDF, code[1] & 0xDF) {
            case (UInt8(ascii: "U"), UInt8(ascii: "K")):
                Metadata.shared.region(UInt8(ascii: "G"), UInt8(ascii: "B"))
            case (UInt8(ascii: "E"), UInt8(ascii: "L")):
                Metadata.shared.region(UInt8(ascii: "G"), UInt8(ascii: "R"))
            default: Metadata.shared.region(code[0], code[1])
            }
        guard let index else { return nil }
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
