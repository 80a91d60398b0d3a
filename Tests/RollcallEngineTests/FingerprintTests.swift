import Testing

@testable import RollcallEngine

@Suite struct FingerprintTests {
    @Test func aFingerprintIsReadAsItWasWritten() {
        var fingerprint = Fingerprint(settings: "abc")
        #expect(fingerprint.text == "abc")
        #expect(Fingerprint(text: "abc") == fingerprint)
        fingerprint.setContent([1, 2], ofStep: 12)
        fingerprint.setContent([], ofStep: 3)
        #expect(Fingerprint(text: fingerprint.text) == fingerprint)
        #expect(fingerprint.contents.count == 2)
    }
}
