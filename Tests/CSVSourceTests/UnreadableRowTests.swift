import RollcallCore
import RollcallTestSupport
import Testing

@testable import CSVSource

/// What becomes of rows that cannot be read.
@Suite struct UnreadableRowTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func read(_ text: String, _ settings: [String: ConfigurationNode] = [:]) async throws -> Reading {
        try workshop.write(text)
        return try await workshop.source(settings).read()
    }

    private static let cases: [(name: String, text: String, rows: [String], flaws: [String])] = [
        ("too few values", "a,b\n1\n2,2\n", ["2,2"], ["2 other_columns"]),
        ("too many values", "a,b\n1,1,1\n2,2\n", ["2,2"], ["2 other_columns"]),
        ("a delimiter too many at the end", "a,b\n1,1,\n2,2\n", ["2,2"], ["2 other_columns"]),
        ("a quote in a value", "a,b\n1\"1,1\n2,2\n", ["2,2"], ["2 stray_quote"]),
        ("quotes around a part of a value", "a,b\nx \"y\" z,1\n2,2\n", ["2,2"], ["2 stray_quote"]),
        ("a blank before a quote", "a,b\n1, \"1\"\n2,2\n", ["2,2"], ["2 stray_quote"]),
        ("text behind quotes", "a,b\n\"1\"1,1\n2,2\n", ["2,2"], ["2 text_behind_quote"]),
        ("a blank behind quotes", "a,b\n\"1\" ,1\n2,2\n", ["2,2"], ["2 text_behind_quote"]),
        ("quotes within quotes", "a,b\n\"say \"hi\"\",1\n2,2\n", ["2,2"], ["2 text_behind_quote"]),
        ("a NUL", "a,b\n1,\u{0}\n2,2\n", ["2,2"], ["2 nul_byte"]),
        ("a NUL within quotes", "a,b\n1,\"\u{0}\"\n2,2\n", ["2,2"], ["2 nul_byte"]),
        ("a quote that is not closed, in the last row", "a,b\n1,1\n2,\"2\n", ["1,1"], ["3 unclosed_quote"]),
        (
            "a quote that is not closed, and rows behind it", "a,b\n1,\"1\n2,2\n3,3", [],
            ["2 unclosed_quote", "3 unclosed_quote", "4 unclosed_quote"]
        ),
        (
            "a quote that the next one closes", "a,b\n1,\"1\n2,2\n3,\"3\"\n4,\"4\"\n", ["4,4"],
            ["2 text_behind_quote", "3 text_behind_quote", "4 text_behind_quote"]
        ),
        (
            "a wrong row of several lines", "a,b\n\"1\"1,\"x\n8,8\ny\"\n2,2\n", ["2,2"],
            ["2 text_behind_quote", "3 text_behind_quote", "4 text_behind_quote"]
        ),
        (
            "several lines with too few values", "a,b\n\"x\n8,8\ny\"\n2,2\n", ["2,2"],
            ["2 other_columns", "3 other_columns", "4 other_columns"]
        ),
        (
            "a byte order mark before a row", "\u{FEFF}a,b\n1,2\n\u{FEFF}3,4\n5,\u{FEFF}6\n", ["1,2", "5,\u{FEFF}6"],
            ["3 byte_order_mark"]
        ),
        ("an empty line does not count", "a,b\n\n1\n\n2,2\n", ["2,2"], ["3 other_columns"]),
        ("only a quote", "a,b\n\"", [], ["2 unclosed_quote"]),
        ("a wrong row without a line end", "a,b\n1,1\n2", ["1,1"], ["3 other_columns"]),
        ("a carriage return within a value", "a,b\n1,x\ry\n2,2\n", ["1,x", "2,2"], ["3 other_columns"]),
    ]

    @Test(arguments: cases.indices)
    func aWrongRowIsNamedAndTheOthersAreRead(_ index: Int) async throws {
        let wrong = Self.cases[index]
        let reading = try await read(wrong.text)
        #expect(reading.rows.map { $0.map { $0 ?? "NULL" }.joined(separator: ",") } == wrong.rows, "\(wrong.name)")
        #expect(reading.flaws == wrong.flaws, "\(wrong.name)")
    }

    @Test func aPlaceIsTheFileAndTheLine() async throws {
        let reading = try await read("a,b\n\"1\n1\",1\n2\n")
        #expect(reading.unreadable.map(\.place) == ["\(workshop.path)/data.csv:4"])
        #expect(reading.unreadable.map(\.reason) == ["the row has 1 value where 2 are due"])
    }

    @Test func reasonsHoldNoValue() async throws {
        let secret = "Ada"
        let reading = try await read(
            "a,b\n\(secret)\n\(secret)\"\(secret),1\n\"\(secret)\"\(secret),1\n1,\(secret)\u{0}\n1,\(secret)\n\"\(secret)",
            ["columns": ["a": "text", "b": "integer"]]
        )
        #expect(reading.unreadable.count == 6)
        #expect(reading.unreadable.allSatisfy { !$0.reason.contains(secret) && !$0.code.contains(secret) })
    }

    @Test func bytesThatAreNoTextMakeTheirRowUnreadable() async throws {
        try workshop.write(
            Array("a,b\n1,".utf8) + [0xFF] + Array("\n2,é\n3,\"".utf8) + [0xC3] + Array("\"\n4,4\n".utf8)
        )
        let reading = try await workshop.source().read()
        #expect(reading.rows == [["2", "é"], ["4", "4"]])
        #expect(reading.flaws == ["2 ill_formed_text", "4 ill_formed_text"])
        #expect(reading.unreadable.first?.reason.contains("`windows-1252`") == true)
    }

    @Test func aLongValueIsUnreadable() async throws {
        let reading = try await read("a,b\n1,12345\n2,123456\n3,\"12345\"\n", ["max_field_bytes": 5])
        #expect(reading.rows == [["1", "12345"]])
        #expect(reading.flaws == ["3 too_long", "4 too_long"])
    }

    @Test func aLongRowIsUnreadable() async throws {
        let long = Array(repeating: "123", count: 10).joined(separator: ",")
        let reading = try await read("a,b\n1,1\n\(long)\n2,2\n", ["max_field_bytes": 4])
        #expect(reading.rows == [["1", "1"], ["2", "2"]])
        #expect(reading.flaws == ["3 too_long"])
    }

    @Test func aQuoteLeftOpenDoesNotSwallowTheFile() async throws {
        var text = "a,b\n1,1\n2,\"2\n"
        for row in 3...100_000 { text += "\(row),\(row)\n" }
        let reading = try await read(text, ["max_field_bytes": 10_000])
        // Every line counts, whether it was read or not.
        #expect(reading.rows.count + reading.unreadable.count == 100_000)
        #expect(reading.unreadable.count < 1_500)
        #expect(reading.flaws.allSatisfy { $0.hasSuffix("too_long") })
        #expect(reading.rows.last == ["100000", "100000"])
    }

    /// Rows behind a wrong one are scanned again; that must not add up.
    @Test(.timeLimit(.minutes(5))) func aFileOfWrongRowsTakesNoLongerThanOthers() async throws {
        let rows = (0..<20_000).map { "\"\($0)\"x,\"\n\"\n" }
        let reading = try await read("a,b\n\(rows.joined())1,1\n")
        #expect(reading.unreadable.count == 40_000)
        #expect(reading.rows == [["1", "1"]])
    }

    @Test func aFileInAnotherEncodingIsTakenForNoText() async throws {
        try workshop.write(
            Array("a,b\n".utf8) + (0..<20_000).flatMap { _ in [0xE9, 0x2C, 0xE9, 0xE9, 0x0A] as [UInt8] }
        )
        let reading = try await workshop.source().read()
        #expect(reading.unreadable.count == 20_000)
        #expect(reading.unreadable.allSatisfy { $0.code == "ill_formed_text" })
    }

    @Test func aLineWithoutEndCostsNoMoreThanItself() async throws {
        let endless = String(repeating: "x", count: 3_000_000)
        let reading = try await read("a,b\n1,1\n2,\(endless)\r\n3,3\n\"\(endless)\n", ["max_field_bytes": 1_000])
        #expect(reading.rows == [["1", "1"], ["3", "3"]])
        #expect(reading.flaws == ["3 too_long", "5 too_long"])
    }

    @Test func aCutOffLastRowIsUnreadableWhereLineEndsAreRequired() async throws {
        let reading = try await read("a,b\n1,1\n2,234", ["require_final_line_end": true])
        #expect(reading.rows == [["1", "1"]])
        #expect(reading.flaws == ["3 no_final_line_end"])
    }

    @Test(arguments: ["1\n", "x\"y,1\n", "\"1\n1\"x,1\n", "5,x\n"])
    func readingStopsWhereThatIsWanted(_ wrong: String) async throws {
        try workshop.write("a,b\n1,1\n2,2\n\(wrong)3,3\n")
        let source = try workshop.source(["on_error": "stop", "columns": ["a": "text", "b": "integer"]])
        let reader = try await source.open(after: nil)
        let before = try #require(try await reader.next(atMost: 1_000))
        #expect(before.rows == [["1", "1"], ["2", "2"]])
        let error = try await #require(throws: RollcallError.self) { try await reader.next(atMost: 1_000) }
        #expect(error.disposition == .fatal)
        #expect(error.description.contains("data.csv:4"))
        await reader.close()
        // A run that goes on meets it again.
        let again = try await source.open(after: before.position)
        await #expect(throws: RollcallError.self) { try await again.next(atMost: 1_000) }
        await again.close()
    }

    /// Whatever a file is cut down to, no row is read that is not one of its own.
    @Test(arguments: [false, true])
    func aFileThatIsCutOffGivesNoWrongRow(_ requiresLineEnd: Bool) async throws {
        let whole = Array("a,b\r\n1,\"x\r\n9,9\r\n\"\r\n\"2\"\"\",é\r\n3,33\n4,\"4\"\r5,😀\n".utf8)
        try workshop.write(whole)
        let rows = try await workshop.source().read().rows
        #expect(rows.count == 5)
        let header = requiresLineEnd ? "a,b\r\n" : "a,b"
        for length in header.utf8.count..<whole.count {
            try workshop.write(Array(whole[..<length]))
            let settings: [String: ConfigurationNode] = [
                "require_final_line_end": .init(booleanLiteral: requiresLineEnd)
            ]
            let reading = try await workshop.source(settings).read()
            let complete = requiresLineEnd ? reading.rows : reading.rows.dropLast()
            #expect(Array(rows.prefix(complete.count)) == Array(complete), "cut off behind \(length) bytes")
            // Without a line end nobody can tell whether the last value is all of itself.
            guard let last = reading.rows.last, !requiresLineEnd else { continue }
            let own = rows[reading.rows.count - 1]
            #expect(last[0] == own[0] && (own[1] ?? "").hasPrefix(last[1] ?? "NULL"), "cut off behind \(length) bytes")
        }
    }
}
