import RollcallValues
import Testing

@Suite struct LetterCaserTests {
    private func text(_ text: String, _ letterCase: LetterCase) -> String {
        var caser = LetterCaser(letterCase)
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars { caser.append(scalar, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func upperAndLowerAreUnicodesButForTheLastSigmaOfAWord() {
        for value in (0x20...0x2FFF).compactMap(Unicode.Scalar.init) where value != "Σ" {
            #expect(text(String(value), .upper) == value.properties.uppercaseMapping)
            #expect(text(String(value), .lower) == value.properties.lowercaseMapping)
        }
        #expect(text("ΟΔΟΣ ΟΔΟΣ2 Σ, ΣΑΣ", .lower) == "οδος οδοσ2 σ, σας")
    }
}
