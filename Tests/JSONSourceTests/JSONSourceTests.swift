import RollcallCore
import RollcallTestSupport
import Testing

@testable import JSONSource

@Suite struct JSONSourceTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func read(_ text: String, _ settings: [String: ConfigurationNode] = [:]) async throws -> Reading {
        try workshop.write(text)
        return try await workshop.source(settings).read()
    }

    private func refusal(of settings: [String: ConfigurationNode]) throws -> String {
        try #require(throws: RollcallError.self) { try workshop.source(settings) }.description
    }

    // MARK: - Columns

    @Test func valuesAreFoundByTheirPaths() async throws {
        let source = try workshop.source([
            "key": ["id"],
            "columns": [
                "id": "integer", "zip": ["from": "address.zip"], "city": ["from": "/address/city"],
                "address": "json", "first": ["from": "/phones/0/number"], "second": ["from": "/phones/1/number"],
                "a.b": "text", "dotted": ["from": "/a.b"], "slash": ["from": "/x~1y~0z"], "same": ["from": "id"],
                "one": ["from": "/by/1"],
            ],
        ])
        #expect(source.declaredSchema?.columns.first == .init("id", .integer))
        try workshop.write(
            """
            {"id":1,"address":{"zip":"10557","city":null,"x":[1]},"phones":[{"number":"+1"},{"number":"+2"},{}],"a.b":"c","by":{"1":"x"}}
            {"x/y~z":"s","phones":[],"id":2,"address":[7],"by":["v","w"]}
            """
        )
        let reading = try await source.read()
        #expect(
            reading.names == [
                "id", "zip", "city", "address", "first", "second", "a.b", "dotted", "slash", "same", "one",
            ]
        )
        #expect(
            reading.rows == [
                [
                    "1", "10557", nil, "{\"zip\":\"10557\",\"city\":null,\"x\":[1]}", "+1", "+2", "c", "c", nil, "1",
                    "x",
                ],
                ["2", nil, nil, "[7]", nil, nil, nil, nil, "s", "2", "w"],
            ]
        )
    }

    @Test func aMemberThatIsMissingOrNullIsNullOrItsDefault() async throws {
        let settings: [String: ConfigurationNode] = [
            "columns": ["a": "text", "b": ["default": "none"], "c": ["type": "integer", "default": "0"]]
        ]
        #expect(
            try await read("{}\n{\"a\":null,\"b\":null,\"c\":null}\n{\"a\":\"\",\"b\":\"\",\"c\":5}\n", settings).rows
                == [[nil, "none", "0"], [nil, "none", "0"], ["", "", "5"]]
        )
    }

    @Test func onlyWhatIsChosenIsMade() async throws {
        try workshop.write("{\"a\":1,\"b\":\"x\",\"c\":{\"d\":2}}\n{\"a\":2,\"b\":3}\n")
        let source = try workshop.source(["columns": ["a": "text", "b": "integer", "d": ["from": "c.d"]]])
        let reader = try await source.open(after: nil) { schema in
            #expect(schema.names == ["a", "b", "d"])
            return ["d"]
        }
        #expect(reader.schema.names == ["a", "d"])
        // The first record's `b` is no number, and nobody looks at it.
        #expect(try await reader.next(atMost: 10)?.rows == [["1", "2"], ["2", nil]])
        await reader.close()
    }

    // MARK: - Values

    @Test func valuesKeepEveryDigitAndCharacter() async throws {
        let text = """
            {"a":123456789012345678901234567890,"b":1.10e-5}
            {"a":-0,"b":true}
            {"a":"\\u00e9\\ud83d\\ude00\\n\\u0000","b":"x\\/y"}
            {"a": [1, "\\n" ] ,"b": { "c" : 1 } }
            """
        #expect(
            try await read(text).rows == [
                ["123456789012345678901234567890", "1.10e-5"], ["-0", "true"], ["é😀\n\u{0}", "x/y"],
                ["[1, \"\\n\" ]", "{ \"c\" : 1 }"],
            ]
        )
    }

    @Test func valuesOfTypesAreWrittenAsTheirTypesWantThem() async throws {
        let settings: [String: ConfigurationNode] = [
            "columns": [
                "a": "integer", "b": "decimal", "c": "boolean", "d": "date", "e": "timestamp", "f": "json",
            ]
        ]
        let text = """
            {"a":"\\u0034\\u0032","b":1.50,"c":"yes","d":"2026-01-31","e":"2026-01-31 08:30","f":"\\u0041"}
            {"a":42,"b":"1.5","c":true,"e":"2026-01-31T08:30:00Z","f":[ ]}
            """
        #expect(
            try await read(text, settings).rows == [
                ["42", "1.50", "true", "2026-01-31", "2026-01-31T08:30:00", "\"\\u0041\""],
                ["42", "1.5", "true", nil, "2026-01-31T08:30:00Z", "[ ]"],
            ]
        )
    }

    @Test func aValueOfAnotherTypeMakesItsRowInvalid() async throws {
        let reading = try await read(
            "[{\"a\":1,\"b\":2},{\"a\":\"x\",\"b\":2},\n{\"a\":3,\"b\":1.5},{\"a\":4,\"b\":[5]},{\"a\":5}]",
            ["columns": ["a": "integer", "b": "integer"]]
        )
        #expect(reading.rows == [["1", "2"], ["5", nil]])
        #expect(reading.unreadable.map(\.keyValues) == [nil, ["3"], ["4"]])
        #expect(reading.unreadable.allSatisfy { $0.code == "wrong_type" })
        #expect(
            reading.unreadable.map(\.place)
                == ["1 (byte 15)", "2 (byte 32)", "2 (byte 48)"].map { "\(workshop.path)/data.json:\($0)" }
        )
        #expect(reading.unreadable.last?.reason == "the value of \"b\" is not a whole number such as -42")
    }

    @Test func ofANameThatStandsTwiceTheLastOneCounts() async throws {
        let settings: [String: ConfigurationNode] = [
            "columns": ["a": "text", "b": ["from": "b.c"], "d": ["from": "b.d"]]
        ]
        let text = """
            {"a":1,"a":2,"\\u0061":3}
            {"a":1,"b":{"c":1,"d":1},"b":{"d":2}}
            {"a":1,"b":{"c":1,"d":1},"b":7}
            {"a":1,"x":1,"x":2,"b":{"c":1,"c":null}}
            {"a":1,"a":null}
            """
        #expect(
            try await read(text, settings).rows
                == [["3", nil, nil], ["1", nil, "2"], ["1", nil, nil], ["1", nil, nil], [nil, nil, nil]]
        )
    }

    @Test(arguments: [
        ("{\"a\":1,\"b\":2}\n{\"x\":1,\"x\":2}\n{\"b\":{\"a\":1,\"a\":2}}\n", 0),
        ("{\"a\":1,\"a\":2}\n{\"a\":1,\"b\":1,\"b\":1,\"a\":2}\n{\"a\":1,\"a\":2,\n", 3),
    ])
    func namesThatStandTwiceAreCounted(_ text: String, _ count: Int) async throws {
        try workshop.write(text)
        let reader = try await workshop.source().open(after: nil)
        while try await reader.next(atMost: 1) != nil {}
        let remarks = await reader.remarks()
        #expect(remarks.count == min(count, 1) && remarks.allSatisfy { $0.contains("once, \(count) times") })
        await reader.close()
    }

    // MARK: - Formats

    @Test func aFileThatBeginsWithABracketIsAnArray() async throws {
        #expect(try await read(" \n[{\"a\":1}\n,{\"a\":2}]\n").rows.count == 2)
        #expect(try await read("\n {\"a\":1}\n{\"a\":2}\n").rows.count == 2)
        #expect(try await read("[1]\n[2]\n", ["format": "lines"]).flaws == ["1 no_object", "2 no_object"])
    }

    @Test(arguments: [
        ("{\"a\":1}", "this is no array"),
        ("[{\"a\":1}", "in the middle"),
        ("[] []", "something follows the value"),
    ])
    func aDocumentThatIsNoArrayIsRefused(_ text: String, _ words: String) async throws {
        let reading = try await read(text, ["format": "array"])
        #expect(reading.failure?.contains(words) == true)
    }

    @Test(arguments: [
        ("{}", "has nothing at the place"), ("{\"d\":null}", "has nothing at the place"),
        ("{\"d\":{\"r\":null}}", "this is no array"), ("{\"d\":{\"r\":{}}}", "this is no array"),
        ("{\"d\":{\"r\":[]},\"d\":{\"r\":[]}}", "in its object twice"), ("[]", "has nothing at the place"),
    ])
    func recordsThatAreNotWhereTheyAreToBeAreTold(_ text: String, _ words: String) async throws {
        let failure = try await read(text, ["records_at": "/d/r"]).failure ?? ""
        #expect(failure.contains(words), "\(failure)")
        #expect(words.contains("twice") || failure.contains("does `records_at` lead to the array?"), "\(failure)")
    }

    @Test(arguments: ["/d/r", "/x~1y/~0", "/0/2/r", "/", "/d//r"])
    func recordsAreFoundAtAPointer(_ pointer: String) async throws {
        var text = "[{\"a\":1},{\"a\":2}]"
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().reversed() {
            let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
            text =
                Int(name).map { "[" + String(repeating: "[{\"r\":[]}],", count: $0) + text + ",7]" }
                ?? "{\"z\":[[{\"a\":9}]],\"\(name)\":\(text),\"y\":{\"r\":[{\"a\":8}]}}"
        }
        #expect(try await read(text, ["records_at": .init(stringLiteral: pointer)]).rows == [["1", nil], ["2", nil]])
    }

    // MARK: - Limits

    @Test func aRecordOverTheLimitIsPassedOver() async throws {
        let long = String(repeating: "x", count: 3_000_000)
        let settings: [String: ConfigurationNode] = ["max_record_bytes": 1_000]
        let lines = try await read("{\"a\":1}\n{\"a\":\"\(long)\"}\n{\"a\":3}\n{\"a\":\"\(long)", settings)
        #expect(lines.rows == [["1", nil], ["3", nil]])
        #expect(lines.flaws == ["2 too_long", "4 too_long"])
        let array = try await read("[{\"a\":1},\n{\"a\":\"\(long)\",\"b\":[{},\"\(long)\"]},{\"a\":3}]", settings)
        #expect(array.rows == [["1", nil], ["3", nil]])
        #expect(array.unreadable.map(\.place) == ["\(workshop.path)/data.json:2 (byte 10)"])
    }

    // MARK: - Errors

    @Test(arguments: ["tru", "[]", "{\"a\":3,\"b\":\"x\"}"])
    func readingStopsWhereThatIsWanted(_ wrong: String) async throws {
        for text in ["{\"a\":1}\n{\"a\":2}\n\(wrong)\n{\"a\":4}\n", "[{\"a\":1},\n{\"a\":2},\n\(wrong),{\"a\":4}]"] {
            try workshop.write(text)
            let source = try workshop.source(["on_error": "stop", "columns": ["a": "text", "b": "integer"]])
            let reader = try await source.open(after: nil)
            let before = try #require(try await reader.next(atMost: 1_000))
            #expect(before.rows == [["1", nil], ["2", nil]] && before.unreadable.isEmpty)
            let error = try await #require(throws: RollcallError.self) { try await reader.next(atMost: 1_000) }
            #expect(error.disposition == .fatal)
            #expect(error.description.contains("data.json:3"))
            await reader.close()
            // A run that goes on meets it again.
            let again = try await source.open(after: before.position)
            await #expect(throws: RollcallError.self) { try await again.next(atMost: 1_000) }
            await again.close()
        }
    }

    /// Its writer may have failed, and its rows would count as gone.
    @Test(arguments: ["", " \n\r\n\t", "\u{FEFF}\n"], ["auto", "lines", "array"])
    func anEmptyFileIsToldBeforeTheFirstRow(_ text: String, _ format: String) async throws {
        try workshop.write(format == "lines" ? "{\"a\":1}" : "[{\"a\":1}]", to: "1.json")
        try workshop.write(text, to: "2.json")
        for path in ["*.json", "2.json"] {
            let source = try workshop.source(["format": .init(stringLiteral: format)], path: path)
            let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
            #expect(error.disposition == .preflight)
            #expect(error.description.contains("2.json is empty: it has no record"), "\(error)")
            #expect(error.description.contains(format == "array" ? "is `[]`" : "`allow_empty: true`"), "\(error)")
        }
    }

    @Test func aFileThatIsEmptyOnceItIsReadEndsTheReading() async throws {
        try workshop.write("{\"a\":1}", to: "1.json")
        try workshop.write("{\"a\":2}", to: "2.json")
        let reader = try await workshop.source(path: "*.json").open(after: nil)
        try workshop.write("\n", to: "2.json")
        #expect(try await reader.next(atMost: 10)?.rows == [["1", nil]])
        let error = try await #require(throws: RollcallError.self) { try await reader.next(atMost: 10) }
        #expect(error.disposition == .fatal)
        #expect(error.description.contains("2.json is empty"), "\(error)")
        await reader.close()
    }

    @Test func aFileOfNoRowsIsAnEmptyArrayOrAllowed() async throws {
        #expect(try await read("[]").rows == [])
        for text in ["", "\n \n"] {
            #expect(try await read(text, ["allow_empty": true]).rows == [])
            #expect(try await read(text, ["allow_empty": true, "format": "lines"]).rows == [])
        }
        let hint = "leave it out, or set `format: lines`"
        #expect(try refusal(of: ["allow_empty": true, "format": "array"]).contains(hint))
        #expect(try refusal(of: ["allow_empty": true, "records_at": "/d"]).contains(hint))
    }

    @Test func mistakesInTheSettingsAreToldAtOnce() throws {
        #expect(try refusal(of: ["columns": ["b": "text"]]).contains("`key` names no column of `columns`: \"a\""))
        #expect(try refusal(of: ["columns": ["a", "a"]]).contains("names \"a\" twice"))
        #expect(try refusal(of: ["columns": ["a": ["from": 1]]]).contains("`a` is `from` a number"))
        #expect(try refusal(of: ["columns": ["a": ["from": "x..y"]]]).contains("`a` is `from` no path"))
        #expect(try refusal(of: ["columns": ["a": ["from": "/x~2"]]]).contains("`a` is `from` no path"))
        #expect(try refusal(of: ["records_at": "data.items"]).contains("must be a JSON Pointer"))
        #expect(try refusal(of: ["records_at": "/d", "format": "lines"]).contains("and `format` is lines"))
        #expect(try refusal(of: ["format": "xml"]).contains("must be `auto`, `lines` or `array`"))
        #expect(try refusal(of: ["on_error": "ignore"]).contains("must be `invalid` or `stop`"))
    }

    @Test func theNumberOfRowsIsGuessedFromTheSize() async throws {
        for separator in ["\n", ",\n"] {
            let rows = (0..<20_000).map { "{\"a\":\($0 % 10),\"b\":\"x\"}" }.joined(separator: separator)
            try workshop.write(separator == "\n" ? rows : "[\(rows)]")
            let reader = try await workshop.source().open(after: nil)
            #expect((19_000...21_000).contains(try #require(reader.estimatedRowCount)))
            await reader.close()
        }
    }
}
