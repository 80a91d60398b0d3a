import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallFiles

@Suite struct EncodingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// What a variable of the environment stands for may be a secret.
    @Test func anUnknownEncodingIsShownAsTheFileHasIt() throws {
        let place = SourceLocation(file: "p.yaml", line: 3)
        let node = ConfigurationNode.scalar("s3cret", isQuoted: false, place, written: "${ENCODING}")
        let fault = try #require(throws: SettingFault.self) { try TextEncoding.read(node) }
        #expect(fault.message == "names no encoding that is known here: the value of \"${ENCODING}\"")
    }

    private func read(_ bytes: [UInt8], _ encoding: String) throws -> (text: String, faults: [TextFault]) {
        let encoding = try #require(TextEncoding(encoding))
        let (text, faults) = try TextReader(try scratch.write(bytes, to: "data.csv"), encoding: encoding).rest()
        return (try #require(String(validating: text, as: UTF8.self)), faults)
    }

    @Test(arguments: [
        ("utf-8", Array("Zoë €\n".utf8)), ("UTF8", [0xEF, 0xBB, 0xBF] + Array("Zoë €\n".utf8)),
        ("utf-16", [0xFF, 0xFE, 0x5A, 0, 0x6F, 0, 0xEB, 0, 0x20, 0, 0xAC, 0x20, 0x0A, 0]),
        ("utf-16", [0xFE, 0xFF, 0, 0x5A, 0, 0x6F, 0, 0xEB, 0, 0x20, 0x20, 0xAC, 0, 0x0A]),
        ("utf-16le", [0x5A, 0, 0x6F, 0, 0xEB, 0, 0x20, 0, 0xAC, 0x20, 0x0A, 0]),
        ("utf-16le", [0xFF, 0xFE, 0x5A, 0, 0x6F, 0, 0xEB, 0, 0x20, 0, 0xAC, 0x20, 0x0A, 0]),
        ("utf-16be", [0, 0x5A, 0, 0x6F, 0, 0xEB, 0, 0x20, 0x20, 0xAC, 0, 0x0A]),
        ("windows-1252", [0x5A, 0x6F, 0xEB, 0x20, 0x80, 0x0A]), ("iso-8859-15", [0x5A, 0x6F, 0xEB, 0x20, 0xA4, 0x0A]),
    ])
    func everyEncodingBecomesTheSameText(_ encoding: String, _ bytes: [UInt8]) throws {
        let (text, faults) = try read(bytes, encoding)
        #expect(text == "Zoë €\n")
        #expect(faults.isEmpty)
    }

    @Test(arguments: ["utf-8//IGNORE", "latin-99", ""])
    func anUnknownEncodingIsRefused(_ name: String) {
        #expect(TextEncoding(name) == nil)
    }

    @Test func whatIsNoTextStandsAsOneCharacterAndIsNoted() throws {
        let (text, faults) = try read(Array("ab".utf8) + [0xC3] + Array("cd".utf8) + [0xFF], "utf-8")
        #expect(text == "ab\u{FFFD}cd\u{FFFD}")
        #expect(faults == [TextFault(offset: 2, byteOffset: 2), TextFault(offset: 7, byteOffset: 5)])
    }

    @Test func placesCountFromBehindTheByteOrderMark() throws {
        let (text, faults) = try read([0xEF, 0xBB, 0xBF, 0x61, 0xFF], "utf-8")
        #expect(text == "a\u{FFFD}")
        #expect(faults == [TextFault(offset: 1, byteOffset: 4)])
    }

    @Test func aLoneSurrogateIsNoText() throws {
        let (text, faults) = try read([0x61, 0, 0x00, 0xDC, 0x62, 0], "utf-16le")
        #expect(text == "a\u{FFFD}b")
        #expect(faults == [TextFault(offset: 1, byteOffset: 2)])
    }

    @Test func aByteThatTheEncodingLeavesOpenIsNoText() throws {
        #expect(try read([0x61, 0x81, 0x62], "windows-1252").text == "a\u{FFFD}b")
    }

    @Test(arguments: [("utf-8", [0x61, 0xE2, 0x82]), ("utf-16le", [0x61, 0, 0x62])] as [(String, [UInt8])])
    func aCharacterThatTheFileCutsOffIsNoText(_ encoding: String, _ bytes: [UInt8]) throws {
        let (text, faults) = try read(bytes, encoding)
        #expect(text == "a\u{FFFD}")
        #expect(faults.count == 1)
    }

    @Test func utf16BehindAWrongSettingIsSaid() throws {
        let error = try #require(throws: RollcallError.self) { try read([0xFF, 0xFE, 0x61, 0], "utf-8") }
        #expect(error.description.contains("encoding: utf-16"))
    }

    /// Characters of one to four bytes, so many that some stand across the borders of pieces.
    @Test(arguments: ["utf-8", "utf-16", "utf-32le"])
    func charactersAcrossTheBordersOfPiecesStayWhole(_ encoding: String) throws {
        let text = String(repeating: "aé€😀", count: 100_000)
        let script = "import sys; sys.stdout.buffer.write(('a\\u00e9\\u20ac\\U0001f600' * 100000).encode(sys.argv[1]))"
        let (read, faults) =
            try read([0x0A], "utf-8").text == "\n"
            ? self.read(output(of: "python3", ["-c", script, encoding]), encoding) : ("", [])
        #expect(read == text)
        #expect(faults.isEmpty)
    }

    @Test(arguments: 0..<50)
    func randomBytesAreReadAsTheStandardLibraryReadsThem(_ seed: UInt64) throws {
        var numbers = SeededGenerator(seed: seed)
        let parts: [[UInt8]] = [
            [0x61], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xED, 0xA0, 0x80], [0xC0],
            [0xF4, 0x90],
        ]
        var bytes: [UInt8] = [0x78]
        for _ in 0..<300 {
            let part = parts[Int.random(in: 0..<parts.count, using: &numbers)]
            bytes += part.prefix(Int.random(in: 1...4, using: &numbers))
        }
        #expect(try read(bytes, "utf-8").text == String(decoding: bytes, as: UTF8.self))
    }
}
