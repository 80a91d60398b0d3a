import Foundation
import Testing

@testable import GenesysSimulator

@Suite struct JSONReaderTests {
    /// Random contacts, read once by Foundation and once by the reader.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func itReadsWhatFoundationWrote(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let columns = ["a", "b c", "d\"e", "ü"]
        let alphabet: [Character] = [
            "a", "Z", "\"", "\\", "/", "\n", "\u{1}", "ä", "€", "😀", " ", ":", "}", "\u{2028}",
        ]
        var texts: [[String]] = []
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            texts.append(
                columns.map { _ in
                    String(
                        (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                            alphabet.randomElement(using: &generator) ?? "x"
                        }
                    )
                }
            )
        }
        let rows = texts.map { row -> [String: Any] in
            [
                "id": "x", "extra": [1, -2.5e3, NSNull(), ["deep": [true]]],
                "data": Dictionary(uniqueKeysWithValues: zip(columns, row)),
            ]
        }
        let pretty = Bool.random(using: &generator)
        let body = try JSONSerialization.data(withJSONObject: rows, options: pretty ? [.prettyPrinted] : [])
        var reader = ContactReader(columns: columns)
        let contacts = try reader.readContacts(Array(body), limit: 10)
        #expect(contacts.map { $0.row.values } == texts)
        #expect(contacts.allSatisfy { $0.id == "x" && $0.missingColumn == nil && $0.unknownColumn == nil })
    }

    @Test func escapesOfAllKindsAreRead() throws {
        var reader = try JSONReader(Array(#""\u0041\u00e4\u20AC\ud83d\ude00\"\\\/\b\f\n\r\t""#.utf8))
        #expect(try reader.readString() == "Aä€😀\"\\/\u{8}\u{c}\n\r\t")
    }

    @Test(arguments: [
        "", "[", "[{}", "[{},]", "[{} {}]", "[{\"a\"}]", "[{\"a\":}]", "[{\"a\":tru}]", "[{\"a\":01}]", "[{\"a\":1.}]",
        "[{\"a\":-}]", "[{\"a\":1e}]", "[{\"a\":\"\\x\"}]", "[{\"a\":\"\\u12g4\"}]", "[{\"a\":\"\\u+123\"}]",
        "[{\"a\":\"\\ud800\"}]", "[{\"a\":\"\\ud83d \\ude00\"}]", "[{\"a\":\"\\udc00\"}]", "[{\"a\":\"\n\"}]",
        "[{\"a\":\"", "[{\"a\":\"\\", "[] []", "{}", "[1]", "[{\"data\":{\"x\":1}}]", "[{\"data\":{\"x\":null}}]",
        String(repeating: "[", count: 100_000), "[{\"a\":" + String(repeating: "[", count: 100_000),
    ])
    func whatIsNoArrayOfContactsIsRefused(text: String) {
        var reader = ContactReader(columns: ["x"])
        #expect(throws: JSONReader.Malformed.self) { try reader.readContacts(Array(text.utf8), limit: 10) }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        var reader = ContactReader(columns: ["x"])
        let body = Array("[{\"id\":\"".utf8) + [0xC3, 0x28] + Array("\"}]".utf8)
        #expect(throws: JSONReader.Malformed.self) { try reader.readContacts(body, limit: 10) }
    }

    @Test func theOrderOfColumnsDoesNotMatter() throws {
        var reader = ContactReader(columns: ["a", "b", "c"])
        let contact = try reader.readContact(Array(#"{"data": {"c": "3", "a": "1", "b": "2", "a": "0"}}"#.utf8))
        #expect(contact.row.values == ["0", "2", "3"])
    }
}
