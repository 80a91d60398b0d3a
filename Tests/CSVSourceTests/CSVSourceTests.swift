import RollcallCore
import RollcallTestSupport
import Testing

@testable import CSVSource

@Suite struct CSVSourceTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func read(_ text: String, _ settings: [String: ConfigurationNode]) async throws -> Reading {
        try workshop.write(text)
        return try await workshop.source(settings).read()
    }

    private func refusal(of settings: [String: ConfigurationNode]) throws -> String {
        try #require(throws: RollcallError.self) { try workshop.source(settings) }.description
    }

    // MARK: - Columns

    @Test func declaredColumnsAreReadInTheirOrderWithTheirTypes() async throws {
        try workshop.write("a,b,Zip code,a\n1,2026-01-31,,x\n+2,,123,y\n")
        let source = try workshop.source([
            "key": ["id"],
            "columns": [
                "zip": ["from": "Zip code", "default": "none"], "at": ["type": "date", "from": "b"],
                "id": ["type": "integer", "from": 1],
            ],
            "null_values": ["none"],
        ])
        #expect(source.declaredSchema?.columns == [.init("zip"), .init("at", .date), .init("id", .integer)])
        let reading = try await source.read()
        #expect(reading.names == ["zip", "at", "id"])
        #expect(reading.rows == [["", "2026-01-31", "1"], ["123", nil, "2"]])
    }

    /// A filter behind it would take what is no value of the type for something else.
    @Test func aDefaultIsAValueOfItsColumn() async throws {
        let columns: ConfigurationNode = [
            "a": "integer", "out": ["type": "boolean", "default": "Yes"],
            "on": ["type": "date", "default": "2026-01-31"],
        ]
        #expect(
            try await read("a,out,on\n1,,\n2,no,\n", ["columns": columns]).rows == [
                ["1", "true", "2026-01-31"], ["2", "false", "2026-01-31"],
            ]
        )
        for (type, value) in [("boolean", "maybe"), ("date", "31/01/2026"), ("integer", "abc")] {
            let column = ConfigurationNode.mapping(
                [("type", type), ("default", value)].map { key, value in
                    .init(key: key, location: .init(file: "t", line: 1), value: .init(stringLiteral: value))
                },
                SourceLocation(file: "t", line: 1)
            )
            #expect(try refusal(of: ["columns": ["a": column]]).contains("`default` is not "), "\(type)")
        }
        #expect(try refusal(of: ["columns": ["a": ["default": "x"]]]).contains("`null_values: [\"\"]`"))
    }

    /// Two ways to write one number are no two persons; elsewhere the digits may be those of a phone.
    @Test func aWholeNumberInAKeyHasOneForm() async throws {
        let text = "a,b\n007,007\n-007,-007\n000,000\n+07,+07\n7,7\n"
        let rows = try await read(text, ["columns": ["a": "integer", "b": "integer"]]).rows
        #expect(rows.map { $0[0] } == ["7", "-7", "0", "7", "7"])
        #expect(rows.map { $0[1] } == ["007", "-007", "000", "07", "7"])
    }

    /// The number in it may be somebody else's.
    @Test func aFileThatMayBeCutOffIsRemarkedOn() async throws {
        for (text, isOpen) in [("a,b\n1,2\n3,4", true), ("a,b\n1,2\n3,4\n", false), ("a,b\r\n1,2\r\n", false)] {
            try workshop.write(text)
            let reader = try await workshop.source([:]).open(after: nil) { Set($0.names) }
            while try await reader.next(atMost: 1) != nil {}
            let remarks = await reader.remarks()
            #expect(remarks.contains { $0.contains("does not end with a line end") } == isOpen, "\(remarks)")
            await reader.close()
        }
    }

    @Test func withoutAHeaderColumnsAreGiven() async throws {
        let settings: [String: ConfigurationNode] = ["header": false, "columns": ["a", "b"]]
        #expect(try await read("1,2\n3,4\n", settings).rows == [["1", "2"], ["3", "4"]])
        let placed: [String: ConfigurationNode] = ["header": false, "columns": ["b": ["from": 3], "a": ["from": 1]]]
        let reading = try await read("1,2,3\n4,5\n6,7,8\n", placed)
        #expect(reading.rows == [["3", "1"], ["8", "6"]])
        #expect(reading.flaws == ["2 other_columns"])
    }

    /// Its writer may have failed, and its rows would count as gone.
    @Test(arguments: ["", "\n\n"])
    func anEmptyFileWithoutAHeaderIsToldUnlessItIsAllowed(_ text: String) async throws {
        try workshop.write("1,2\n", to: "1.csv")
        try workshop.write(text, to: "2.csv")
        for columns: ConfigurationNode in [["a", "b"], ["b": ["from": 2], "a": ["from": 1]]] {
            let settings: [String: ConfigurationNode] = ["header": false, "columns": columns]
            let source = try workshop.source(settings, path: "*.csv")
            let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
            #expect(error.disposition == .preflight)
            #expect(error.description.contains("2.csv is empty: it has no row"), "\(error)")
            let allowing = settings.merging(["allow_empty": true]) { $1 }
            #expect(try await workshop.source(allowing, path: "*.csv").read().rows.count == 1)
            #expect(try await workshop.source(allowing, path: "2.csv").read().rows == [])
        }
        #expect(try refusal(of: ["allow_empty": true]).contains("has no use with a header"))
    }

    @Test func namesThatAreLeftOutAreNumbers() async throws {
        #expect(try await read("a,,c,\n1,2,3,4\n", [:]).names == ["a", "column_2", "c", "column_4"])
    }

    @Test func aValueOfAnotherTypeMakesItsRowInvalid() async throws {
        let reading = try await read(
            "a,b\n1,2\nx,2\n3,\"2,5\"\n4,\n",
            ["columns": ["a": "integer", "b": "decimal"]]
        )
        #expect(reading.rows == [["1", "2"], ["4", nil]])
        #expect(reading.flaws == ["3 wrong_type", "4 wrong_type"])
        #expect(reading.unreadable.map(\.keyValues) == [nil, ["3"]])
        #expect(reading.unreadable.last?.reason == "the value of \"b\" is not a number such as 10.50")
    }

    @Test func severalFilesShareTheirColumnsInWhateverOrder() async throws {
        try workshop.write("a,b\n1,2\n", to: "1.csv")
        try workshop.write("b,a\n4,3\n", to: "2.csv")
        #expect(try await workshop.source(path: "*.csv").read().rows == [["1", "2"], ["3", "4"]])
    }

    @Test(arguments: [
        ("a\n3\n", "2.csv has no column \"b\""), ("a,b,c\n3,4,5\n", "2.csv has a column \"c\""),
        ("a,b,b\n3,4,5\n", "2.csv has 2 columns that are called \"b\""), ("", "2.csv is empty: it has no header"),
        ("a,\"b\n3,4\n", "the header of"),
    ])
    func aFileWithOtherColumnsIsToldBeforeTheFirstRow(_ text: String, _ words: String) async throws {
        try workshop.write("a,b\n1,2\n", to: "1.csv")
        try workshop.write(text, to: "2.csv")
        let source = try workshop.source(path: "*.csv")
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(error.disposition == .preflight)
        #expect(error.description.contains(words))
    }

    @Test func aKeyThatIsNoColumnIsTold() async throws {
        try workshop.write("id,b\n1,2\n")
        let source = try workshop.source(["key": ["ID"]])
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(error.description.contains("did you mean `id`?"))
    }

    @Test func columnsOfOneNameAreToldByTheirNumbers() async throws {
        try workshop.write("a,Athens,Athens\n1,2,3\n")
        let error = try await #require(throws: RollcallError.self) { try await workshop.source().open(after: nil) }
        #expect(error.description.contains("the columns 2 and 3 of"))
        #expect(!error.description.contains("Athens"))
    }

    @Test func aFileWithoutAHeaderDoesNotShowItsValues() async throws {
        try workshop.write("17,Ada Lovelace\n18,Alan Turing\n")
        let source = try workshop.source(["columns": ["a": "text", "b": "text"]])
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(!error.description.contains("Ada"))
        #expect(error.description.contains("header: false"))
    }

    /// A step that misses a column would name those that are there.
    @Test(arguments: ["id,+306999999999,Smith", "id,,Smith", "id,Smith,smith@example.org", "id,2026-01-31,Smith"])
    func aFirstLineThatLooksLikeValuesIsNotShown(_ line: String) async throws {
        for (line, shows) in [(line, false), ("id,phone,Smith", true)] {
            try workshop.write("\(line)\n")
            let error = try await #require(throws: RollcallError.self) {
                try await workshop.source(["key": ["id"]]).open(after: nil) { schema in
                    let hint = "the columns here are: \(schema.names.joined(separator: ", "))"
                    throw RollcallError(.configuration, "there is no column \"phne\"", hint: hint)
                }
            }
            #expect(error.disposition == .configuration)
            #expect(error.description.contains("there is no column \"phne\""))
            #expect(error.description.contains("Smith") == shows, "\(error)")
            #expect(error.description.contains("set `header: false` and `columns`") == !shows, "\(error)")
        }
    }

    /// A value may be nearly the name of a column.
    @Test func aFileWithoutAHeaderDoesNotSuggestItsValues() async throws {
        try workshop.write("17,Anna\n18,Alan\n")
        let source = try workshop.source(["columns": ["a": "text", "Hanna": "text"], "key": ["a"]])
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(!error.description.contains("`Anna`"))
        let other = try workshop.source(["key": ["Ana"]])
        let second = try await #require(throws: RollcallError.self) { try await other.open(after: nil) }
        #expect(!second.description.contains("Anna"))
        #expect(second.description.contains("header: false"))
    }

    @Test func aHeaderSuggestsItsNames() async throws {
        try workshop.write("a,Post code\n17,1\n")
        let source = try workshop.source(["columns": ["a": "text", "zip": ["from": "Post cod"]]])
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(error.description.contains("did you mean `Post code`?"))
    }

    @Test(arguments: [("a;b\n1;2\n", "`;`"), ("a\tb\n1\t2\n", "`\\t`"), ("a|b,c|d\n", "`|`")])
    func anotherDelimiterIsSuggested(_ text: String, _ delimiter: String) async throws {
        try workshop.write(text)
        let settings: [String: ConfigurationNode] = text.contains(",") ? ["delimiter": ";"] : [:]
        for columns: ConfigurationNode? in [nil, ["a", "b"]] {
            var settings = settings
            settings["columns"] = columns
            let source = try workshop.source(settings)
            let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
            #expect(error.description.contains("its first line has \(delimiter): is that the `delimiter`?"))
        }
    }

    @Test func anErrorIsAtTheLineOfThePath() async throws {
        let source = try workshop.source(path: "nothing.csv")
        let error = try await #require(throws: RollcallError.self) { try await source.open(after: nil) }
        #expect(error.problems.allSatisfy { $0.location == SourceLocation(file: "test.yaml", line: 1) })
    }

    /// NULL is nobody's key, and a value may be the text `NULL`.
    @Test func aMissingKeyIsFoundByNoValue() async throws {
        try workshop.write("a,b\nNULL,1\nnone,2\n")
        let reader = try await workshop.source(["null_values": ["none"]]).open(after: nil)
        #expect(try await reader.rows(withKeys: [["NULL"]])?.rows == [["NULL", "1"]])
        await reader.close()
    }

    // MARK: - Values

    @Test func valuesThatStandForNothingAreNull() async throws {
        let settings: [String: ConfigurationNode] = [
            "null_values": [.scalar("", isQuoted: true, .init(file: "", line: 1)), "NULL"]
        ]
        #expect(
            try await read("a,b,c\n1,,\"\"\n2,NULL,\"NULL\"\n3,null,x\n", settings).rows
                == [["1", nil, nil], ["2", nil, nil], ["3", "null", "x"]]
        )
        #expect(try await read("a,b\n1,\n", [:]).rows == [["1", ""]])
    }

    @Test func blanksAroundValuesCanBeLeftOut() async throws {
        let text = "a , b\n 1 ,\t2\t\n \" 3 \" , \"4\"\n  ,\n"
        #expect(try await read(text, ["trim": true]).rows == [["1", "2"], [" 3 ", "4"], ["", ""]])
        #expect(try await read("a,b\n 1, 2\n", [:]).rows == [[" 1", " 2"]])
    }

    @Test func commentsAreLeftOutWhereTheyBeginALine() async throws {
        let text = "# made by \"hand\na,b\n#1,2\n1,#2\n\"#3\",\"\n#4\"\n#"
        #expect(try await read(text, ["comment": "#"]).rows == [["1", "#2"], ["#3", "\n#4"]])
    }

    // MARK: - Settings

    @Test func mistakesInTheSettingsAreToldAtOnce() throws {
        #expect(try refusal(of: ["header": false]).contains("nothing names the columns"))
        #expect(try refusal(of: ["columns": ["b": "text"]]).contains("`key` names no column of `columns`: \"a\""))
        #expect(try refusal(of: ["columns": ["a": "integr"]]).contains("did you mean `integer`?"))
        #expect(try refusal(of: ["columns": ["a": ["typ": "date"]]]).contains("did you mean `type`?"))
        #expect(try refusal(of: ["columns": ["a", "a"]]).contains("names \"a\" twice"))
        #expect(try refusal(of: ["header": false, "columns": ["a": ["from": "x"]]]).contains("without a header"))
        #expect(
            try refusal(of: ["header": false, "columns": ["a": ["from": 2], "b": "text"]]).contains("some columns only")
        )
        #expect(try refusal(of: ["delimiter": "||"]).contains("must be one ASCII character"))
        #expect(try refusal(of: ["delimiter": "\""]).contains("must not be the same"))
        #expect(try refusal(of: ["encoding": "latin-99"]).contains("names no encoding"))
        #expect(try refusal(of: ["on_error": "ignore"]).contains("must be `invalid` or `stop`"))
    }

    @Test func aTabMayBeWrittenAsItIsInOtherPrograms() async throws {
        #expect(try await read("a\tb\n1\t2\n", ["delimiter": "\\t"]).rows == [["1", "2"]])
    }

    @Test func theNumberOfRowsIsGuessedFromTheSize() async throws {
        try workshop.write("a,b\n" + (0..<10_000).map { "\($0 % 10),x\n" }.joined())
        let reader = try await workshop.source().open(after: nil)
        #expect((9_000...11_000).contains(try #require(reader.estimatedRowCount)))
        await reader.close()
    }
}
