import Foundation
import Testing

@testable import GenesysCloud

@Suite struct ContactIDScannerTests {
    @Test(arguments: [
        ("[]", []),
        (" [ ] \n", []),
        (#"[{"id":"a"}]"#, ["a"]),
        (#"[{"data":{"id":"no","x":["id",{"id":"no"}]},"id":"yes"},{"id":"b","name":"id"}]"#, ["yes", "b"]),
        (#"[{"name":"\"id\":\"no\"","id":"a\\\"b"}]"#, [#"a\"b"#]),
        (#"[{"\u0069d":"\u00e9\ud83d\ude00\n\/"}]"#, ["é😀\n/"]),
        (#"[{"ID":"no","idx":"no","i":"no","id":""}]"#, [""]),
        (#"[{"id":"first","id":"last"}]"#, ["last"]),
        ("[ { \"a\" : -0.5e+3 , \"b\" : true , \"c\" : null , \"id\" : \"x\" , \"d\" : [ 1 , [ ] , { } ] } ]", ["x"]),
        (#"[{"id":"żółw-жук"}]"#, ["żółw-жук"]),
    ])
    func idsAreFoundWhereverTheyStand(json: String, ids: [String]) throws {
        #expect(try ContactIDScanner.ids(in: Array(json.utf8)) == ids)
    }

    @Test(arguments: [
        "", " ", "{}", "null", "[", "[{", #"[{"id"#, #"[{"id":"a"#, #"[{"id":"a""#, #"[{"id":"a"}"#, #"[{"id":"a"},]"#,
        #"[{"id":"a"}]]"#, #"[{"id":"a"}] x"#, #"[{"id":"a",}]"#, #"[{,"id":"a"}]"#, #"[{"id" "a"}]"#, #"[{id:"a"}]"#,
        #"[{"x":1}]"#, "[{}]", "[1]", #"["id"]"#, #"[{"id":1}]"#, #"[{"id":null}]"#, #"[{"id":"a" "b":1}]"#,
        #"[{"id":"\x"}]"#, #"[{"id":"\u12g4"}]"#, #"[{"id":"\ud800"}]"#, #"[{"id":"\ude00"}]"#, #"[{"id":"\ud800\n"}]"#,
        "[{\"id\":\"a\nb\"}]", "[{\"id\":\"abcdefghijk\tb\"}]", #"[{"x":tru,"id":"a"}]"#, #"[{"x":01,"id":"a"}]"#,
        #"[{"x":1.,"id":"a"}]"#, #"[{"x":-,"id":"a"}]"#, #"[{"x":1e,"id":"a"}]"#, #"[{"x":+1,"id":"a"}]"#,
        #"[{"x":[1 2],"id":"a"}]"#, #"[{"x":{"y"},"id":"a"}]"#, #"[{"x":nan,"id":"a"}]"#, "<html>",
    ])
    func anythingElseIsUnexpected(json: String) throws {
        let error = try #require(#expect(throws: GenesysError.self) { try ContactIDScanner.ids(in: Array(json.utf8)) })
        #expect(error.kind == .unexpectedAnswer)
    }

    @Test func deepNestingIsRefusedAndNotFollowed() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(throws: GenesysError.self) { try ContactIDScanner.ids(in: Array(#"[{"x":\#(deep)"#.utf8)) }
    }

    @Test func anIDThatIsNotUTF8IsUnexpected() {
        var json = Array(#"[{"id":"a?b"}]"#.utf8)
        json[9] = 0xFF
        #expect(throws: GenesysError.self) { try ContactIDScanner.ids(in: json) }
    }

    @Test func theFaultIsNamedWithoutTheContent() throws {
        let json = Array(#"[{"id":"a","name":"Ada" "x":1}]"#.utf8)
        let error = try #require(#expect(throws: GenesysError.self) { try ContactIDScanner.ids(in: json) })
        #expect(error.description.contains(#"no "}" where one is due at byte 24"#))
        #expect(!error.debugDescription.contains("Ada"))
    }

    @Test func aBodyThatThrowsEndsTheScan() {
        struct Enough: Error {}
        var count = 0
        #expect(throws: Enough.self) {
            try ContactIDScanner.forEachID(in: Array(#"[{"id":"a"},{"id":"b"}]"#.utf8).span) { _ in
                count += 1
                throw Enough()
            }
        }
        #expect(count == 1)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func aRandomDocumentIsReadAsFoundationReadsIt(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        for _ in 0..<30 {
            let json = documents.contacts()
            let expected = try #require(Self.foundationIDs(in: json))
            #expect(try ContactIDScanner.ids(in: json) == expected)
        }
    }

    /// Whatever is accepted of a damaged document is accepted by Foundation with the same ids, and the other way round.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func aDamagedDocumentIsAcceptedJustWhenFoundationAcceptsIt(seed: UInt64) {
        var documents = RandomDocuments(seed: seed)
        var acceptedCount = 0
        for _ in 0..<150 {
            let json = documents.damaged(documents.contacts())
            // Where the two differ: Foundation checks the encoding, and takes a comma before a closing bracket.
            guard let text = String(validating: json, as: UTF8.self), !text.contains(/,\s*[\]}]/) else { continue }
            let ids = try? ContactIDScanner.ids(in: json)
            #expect(ids == Self.foundationIDs(in: json), "\(text)")
            acceptedCount += ids == nil ? 0 : 1
        }
        #expect((10...140).contains(acceptedCount))
    }

    /// The ids, or nil if the text is not an array of objects with a string for an id.
    private static func foundationIDs(in json: [UInt8]) -> [String]? {
        let contacts = try? JSONSerialization.jsonObject(with: Data(json)) as? [[String: Any]]
        let ids = contacts?.map { $0["id"] as? String }
        return ids.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) }
    }
}
