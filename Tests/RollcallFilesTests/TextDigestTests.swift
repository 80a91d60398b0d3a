import Testing

@testable import RollcallFiles

@Suite struct TextDigestTests {
    private func digest(_ text: [UInt8], pieces size: Int) -> UInt64 {
        var digest = TextDigest()
        for start in stride(from: 0, to: text.count, by: size) {
            digest.update(text.span.extracting(start..<min(start + size, text.count)))
        }
        return digest.value
    }

    /// As the reference implementation, xxHash 0.8, has them.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("The quick brown fox jumps over the lazy dog", 0x0B24_2D36_1FDA_71BC),
        ] as [(String, UInt64)]
    )
    func knownTextsHaveTheirDigests(_ text: String, _ value: UInt64) {
        #expect(digest(Array(text.utf8), pieces: 1_000) == value)
    }

    @Test func itDoesNotDependOnPieces() {
        let text = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167) }
        for length in [1, 31, 32, 33, 63, 64, 100, 300] {
            let part = Array(text.prefix(length))
            let whole = digest(part, pieces: length)
            for size in [1, 3, 31, 32, 33, 65] { #expect(digest(part, pieces: size) == whole) }
            var changed = part
            changed[length - 1] ^= 1
            #expect(digest(changed, pieces: length) != whole)
        }
    }
}
