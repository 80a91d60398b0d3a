import Testing

@testable import JSONSource

/// Whatever pieces a text comes in, the same records are found.
@Suite struct PiecesTests {
    private static let texts: [(name: String, text: String)] = [
        (
            "lines",
            "{\"a\":1}\n\n {\"a\":\"\\ud83d\\ude00é\",\"b\":{\"c\":[1,2]}} \r\n[1]\n{\"a\":tru}\n{\"b\":\"\\\"\\\\\"}"
        ),
        (
            "lines, one too long",
            "{\"a\":1}\n{\"a\":\"123456789012345678901234567890\"}\n{\"a\":3}\n12345678901234567890123456789012"
        ),
        ("lines of blanks", "\n \n\t\r\n   "),
        ("a long line of blanks", "{}\n" + String(repeating: " ", count: 40) + "\n{}"),
        ("blanks before a line that is too long", "\n  " + String(repeating: "x", count: 31) + "\n"),
        ("a control character in a name that is too long", "[{\"" + String(repeating: "n", count: 40) + "\u{7}\":1}]"),
        ("an array", " [ {\"a\":1} ,\n{\"a\":\"\\u00e9\\\\\"},12.5e1 ,[],{\"b\":{\"a\":[{}]}},\"x\" ]\n\n"),
        (
            "an array, some too long",
            "[{\"a\":1},{\"a\":\"\\ud83d\\ude00 \\\" 1234567890\"},\n[[1,2],{\"x\":[3,{}]},true,\"\",null],{\"a\":3}]"
        ),
        ("an array, a long number last", "[{\"a\":1},{\"a\":12345678901234567890123456789012345678901234567890}]"),
        ("an array with a fault", "[{\"a\":1},{\"a\":2},\n{\"a\":\"\\x\"},{\"a\":4}]"),
        ("an array with a fault between", "[{\"a\":1}\n{\"a\":2}]"),
        ("an array with a comma too many", "[{\"a\":1},]"), ("text behind an array", "[{\"a\":1}] x"),
        ("an array that is cut off", "[{\"a\":1},{\"a\":2"), ("an array that is not closed", "[{\"a\":1}"),
        ("a fault in a long record", "[{\"a\":1},{\"a\":\"1234567890123456789012345678\",,}]"),
        ("an empty array", "[]"), ("an empty file", ""),
    ]

    private static let documents: [(name: String, text: String)] = [
        (
            "a document",
            "{\"x\":[{\"r\":[0]},\"\\ud83d\\ude00\"],\"d\":[7,{\"q\":null,\"r\":[{\"a\":1},{\"a\":2}],\"s\":{}}],\"y\":-1.5e+3}"
        ),
        ("an earlier place without records", "{\"d\":[[],{\"x\":1}],\"d\":[0,{\"r\":[{\"a\":5}]},2]}"),
        ("nothing there", "{\"d\":[{\"r\":[{\"a\":1}]}]}"), ("no array there", "{\"d\":[0,{\"r\":{\"a\":1}}]}"),
        ("twice", "{\"d\":[0,{\"r\":[{\"a\":1}],\"r\":[{\"a\":2}]}]}"),
        ("a fault behind", "{\"d\":[0,{\"r\":[{\"a\":1}],\"x\":nul}]}"),
        ("a fault before", "{\"x\":\"\\ud800\",\"d\":[0,{\"r\":[{\"a\":1}]}]}"),
        ("escaped names", "{\"\\u0064\":[{},{\"\\u0072\":[{\"a\":1}]}]}"),
        (
            "a control character in a long name",
            "{\"" + String(repeating: "n", count: 60) + "\u{7}\":1,\"d\":[0,{\"r\":[]}]}"
        ),
        ("a long name", "{\"" + String(repeating: "n", count: 60) + "\":1,\"d\":[0,{\"r\":[]}]}"),
    ]

    private static func text(_ name: String) throws -> String {
        try #require(texts.first { $0.name == name }).text
    }

    private func scan(_ text: String, in size: Int, _ rules: RecordRules, atMost count: Int = 100) -> [String] {
        Finding.find(in: Array(text.utf8), pieces: size, rules, atMost: count).map(\.words)
    }

    private func rules(_ recordsAt: String? = nil, maxRecordBytes: Int = 30) throws -> RecordRules {
        var rules = RecordRules()
        rules.maxRecordBytes = maxRecordBytes
        if let recordsAt {
            rules.recordsAt = try #require(JSONPath(pointer: recordsAt))
            rules.format = .document
        }
        return rules
    }

    @Test(arguments: texts.indices)
    func recordsDoNotDependOnPieces(_ index: Int) throws {
        let text = Self.texts[index].text
        let rules = try rules()
        let whole = scan(text, in: text.utf8.count + 1, rules)
        for size in [1, 2, 3, 5, 7, 8, 16, 64] {
            for count in [1, 2, 100] {
                #expect(scan(text, in: size, rules, atMost: count) == whole, "\(Self.texts[index].name), \(size)")
            }
        }
    }

    @Test(arguments: documents.indices)
    func recordsWithinADocumentDoNotDependOnPieces(_ index: Int) throws {
        let text = Self.documents[index].text
        let path = try rules("/d/1/r")
        let whole = scan(text, in: text.utf8.count + 1, path)
        #expect(!whole.isEmpty)
        for size in [1, 2, 3, 5, 7, 8, 16, 64] {
            #expect(scan(text, in: size, path) == whole, "\(Self.documents[index].name), \(size)")
        }
    }

    @Test func whatIsFoundIsRight() throws {
        #expect(
            try scan(Self.text("an array, some too long"), in: 4, rules()) == [
                "1 line 1 plain 1 missing ", "9 line 1 too_long", "45 line 2 too_long", "79 line 2 plain 3 missing ",
            ]
        )
        #expect(
            try scan(Self.text("lines"), in: 4, rules(maxRecordBytes: 100)) == [
                "0 line 1 plain 1 missing ", "10 line 3 escapedString \\ud83d\\ude00é nested [1,2]",
                "51 line 4 no_object",
                "55 line 5 malformed valueDue 60", "65 line 6 missing  missing ",
            ]
        )
        #expect(try scan(Self.text("an array with a fault"), in: 4, rules()).last == "badEscape 24")
        #expect(try scan(Self.documents[2].text, in: 4, rules("/d/1/r")) == ["noRecords 23"])
        #expect(try scan(Self.documents[4].text, in: 4, rules("/d/1/r")).last == "repeatedPath 27")
    }

    /// Whatever a file is cut down to, no record is found that is not one of its own, and an array is never taken for whole.
    @Test func aTextThatIsCutOffGivesNoWrongRecord() throws {
        for text in [
            Self.texts[3].text, "[{\"a\":12},{\"a\":\"é\"}]", "{\"a\":12}\n{\"a\":\"é\\n\"}\r\n{\"b\":{\"c\":1.5}}\n",
        ] {
            let whole = try scan(text, in: 1_000, rules(maxRecordBytes: 1_000))
            let isArray = text.contains("[ ") || text.first == "["
            for length in 0..<text.unicodeScalars.count {
                let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))
                var found = try scan(cut, in: 1_000, rules(maxRecordBytes: 1_000))
                let isWhole = cut.last { !" \n\r".contains($0) } == text.last { !" \n\r".contains($0) }
                let fault = found.last.flatMap {
                    $0.contains("line") && !$0.contains("malformed") && !$0.contains("cut_off") ? nil : $0
                }
                if fault != nil { found.removeLast() }
                #expect(Array(whole.prefix(found.count)) == found, "cut off behind \(length)")
                let isBlank = cut.allSatisfy { " \n\r".contains($0) }
                if isArray, !isWhole, !isBlank { #expect(fault != nil, "cut off behind \(length)") }
            }
        }
    }
}
