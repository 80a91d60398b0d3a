import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import GenesysContactListSink

private struct SentContact: Decodable, Equatable {
    let id: String
    let contactListId: String
    let data: [String: String]
}

@Suite struct ContactEncoderTests {
    @Test func everyColumnIsSentAndNullIsTheEmptyString() throws {
        let batch = try Batch.of([.init("LeadId"), .init("Na\"me"), .init("Phone")], [["1", "Zoë, \"Z\"\n😀", nil]])
        let encoder = try ContactEncoder(schema: batch.schema, key: "LeadId", listID: "list-1")
        let body = encoder.body([IdentifiedRow(row: 0, id: "1", isReturning: false)], of: batch)
        #expect(
            try JSONDecoder().decode([SentContact].self, from: Data(body)) == [
                SentContact(
                    id: "1",
                    contactListId: "list-1",
                    data: ["LeadId": "1", "Na\"me": "Zoë, \"Z\"\n😀", "Phone": ""]
                )
            ]
        )
    }

    @Test func dialStateIsNotTouched() throws {
        let batch = try Batch.of([.init("id")], [["1"]])
        let encoder = try ContactEncoder(schema: batch.schema, key: "id", listID: "l")
        let row = IdentifiedRow(row: 0, id: "1", isReturning: false)
        let text = String(decoding: encoder.body([row], of: batch), as: UTF8.self)
        #expect(text == #"[{"id":"1","contactListId":"l","data":{"id":"1"}}]"#)
    }

    @Test func onlyAContactThatIsBackIsMadeCallable() throws {
        let batch = try Batch.of([.init("id")], [["1"], ["2"]])
        let encoder = try ContactEncoder(schema: batch.schema, key: "id", listID: "l")
        let (contacts, _) = encoder.contacts(of: batch, returning: [1])
        let text = String(decoding: encoder.body(contacts, of: batch), as: UTF8.self)
        #expect(
            text == """
                [{"id":"1","contactListId":"l","data":{"id":"1"}},\
                {"id":"2","contactListId":"l","callable":true,"data":{"id":"2"}}]
                """
        )
    }

    @Test(arguments: [
        (String(repeating: "x", count: 512), nil), (String(repeating: "x", count: 513), "value_too_long"),
        (String(repeating: "Ω", count: 512), nil), (String(repeating: "Ω", count: 513), "value_too_long"),
        (String(repeating: "😀", count: 256), nil), (String(repeating: "😀", count: 257), "value_too_long"),
    ])
    func aValueHas512CharactersAtMost(_ value: String, _ code: String?) throws {
        let batch = try Batch.of([.init("id"), .init("note")], [["1", value]])
        let encoder = try ContactEncoder(schema: batch.schema, key: "id", listID: "l")
        let (contacts, invalid) = encoder.contacts(of: batch)
        #expect(invalid.map(\.code) == [code].compactMap { $0 })
        #expect(contacts.count == 1 - invalid.count)
        #expect(invalid.allSatisfy { !$0.reason.contains(value) })
    }

    @Test(arguments: [nil, ""])
    func aRowWithoutAKeyIsInvalid(_ key: String?) throws {
        let batch = try Batch.of([.init("id")], [[key]])
        let encoder = try ContactEncoder(schema: batch.schema, key: "id", listID: "l")
        #expect(encoder.contacts(of: batch).invalid.map(\.code) == ["key_missing"])
    }
}

@Suite struct ContactIDTests {
    @Test(arguments: ["1", "crm-1001", "adam.brown", "A9", String(repeating: "a", count: 64)])
    func aPlainKeyIsTheID(_ key: String) {
        #expect(ContactID.make(key) == key)
    }

    // Python:
    // "x-" + base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().rstrip("=").lower()
    @Test(arguments: [
        ("", "x-4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq"),
        ("a b", "x-zbuhucfklvxnebcdfd5gu2l2xduw3q2cshumea2k5dby436mnvsq"),
        ("Γιώργος", "x-rwun5wrhl75wyjzib3rv76imt27vcivw4ni6iuod7bxrbkejbf7a"),
    ])
    func anyOtherKeyIsEncoded(_ key: String, _ expected: String) {
        #expect(ContactID.make(key) == expected)
    }

    @Test(arguments: ["a/b", "a_b", "+302101234567", String(repeating: "a", count: 65)])
    func anEncodedIDHasOnlyCharactersThatGenesysTakes(_ key: String) {
        let id = ContactID.make(key)
        #expect(id.count == 54)
        #expect(id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }

    @Test func aKeyThatLooksEncodedIsEncodedToo() {
        let encoded = ContactID.make("a b")
        #expect(ContactID.make(encoded) != encoded)
    }
}
