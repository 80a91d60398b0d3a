import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

private func rows(_ columns: [Schema.Column], _ lines: [String]) throws -> [[String?]] {
    var rows = CopyTextRows(schema: try Schema(columns), rowCapacity: lines.count)
    for line in lines { try rows.append(Array(line.utf8).span) }
    return rows.finish(position: nil).rows
}

@Suite struct CopyTextRowsTests {
    @Test func valuesAreApartByTabs() throws {
        #expect(
            try rows([.init("a"), .init("b"), .init("c")], ["1\t\tx", "\t\t"]) == [["1", "", "x"], ["", "", ""]]
        )
    }

    @Test func nullIsNotTheTextThatLooksLikeIt() throws {
        #expect(try rows([.init("a"), .init("b")], ["\\N\t\\\\N", "N\t\\\\"]) == [[nil, "\\N"], ["N", "\\"]])
    }

    /// As SQL compares them.
    @Test func blanksThatFillUpAValueAreNoneOfIt() throws {
        var rows = CopyTextRows(schema: try Schema([.init("a"), .init("b")]), padded: [0], rowCapacity: 1)
        for line in ["A7      \tx  ", "   \t ", " a b \t\\N", "a\\\\  \ty"] { try rows.append(Array(line.utf8).span) }
        #expect(rows.finish(position: nil).rows == [["A7", "x  "], ["", " "], [" a b", nil], ["a\\", "y"]])
    }

    @Test func escapesAreUndone() throws {
        #expect(try rows([.init("a")], ["\\b\\f\\n\\r\\t\\v\\\\end"]) == [["\u{8}\u{C}\n\r\t\u{B}\\end"]])
    }

    @Test func anEscapeInOneValueLeavesTheOthersAlone() throws {
        #expect(try rows([.init("a"), .init("b"), .init("c")], ["x\ta\\nb\tΩ😀"]) == [["x", "a\nb", "Ω😀"]])
    }

    @Test(arguments: [
        ("2026-01-02 03:04:05+00", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05.123456+00", "2026-01-02T03:04:05.123456Z"),
        ("2026-01-02 03:04:05.5", "2026-01-02T03:04:05.5"), ("infinity", "infinity"), ("-infinity", "-infinity"),
        ("0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00+00 BC"),
        ("12026-01-02 03:04:05+00", "12026-01-02T03:04:05Z"),
    ])
    func timestampsBecomeISO8601(_ sent: String, _ expected: String) throws {
        #expect(try rows([.init("at", .timestamp)], [sent]) == [[expected]])
    }

    @Test func booleansAreSpelledOut() throws {
        let columns = [Schema.Column("a", .boolean), .init("b", .boolean), .init("c", .boolean)]
        #expect(try rows(columns, ["t\tf\t\\N"]) == [["true", "false", nil]])
    }

    @Test(arguments: [
        (#"x\"#, LogicalType.text), (#"\"#, .text), (#"\."#, .text), (#"a\N"#, .text), (#"\x41"#, .text),
        (#"\101"#, .text),
        (#"\\\"#, .text), ("", .boolean), ("true", .boolean), ("T", .boolean), (#"\t"#, .boolean), ("", .timestamp),
        ("2026-01-02 03:04:05+02", .timestamp), ("2026-01-02 03:04:05+00:30", .timestamp),
        (#"2026-01-02\t03:04:05"#, .timestamp),
    ])
    func whatCopyDoesNotWriteIsAnError(_ value: String, _ type: LogicalType) {
        let error = #expect(throws: RollcallError.self) { try rows([.init("a", type), .init("b")], ["\(value)\tx"]) }
        #expect(error?.disposition == .fatal)
        #expect(error?.description.contains("in the column \"a\", which COPY does not write") == true)
    }

    @Test(arguments: ["1", "1\t2\t3"])
    func aLineWithOtherColumnsIsAnError(_ line: String) {
        #expect(throws: RollcallError.self) { try rows([.init("a"), .init("b")], [line]) }
    }
}

@Suite struct KeysetQueryTests {
    private let cursor = SourceColumn(name: "updated_at", sqlType: "timestamp with time zone", baseType: "timestamptz")
    private let key = SourceColumn(name: "id", sqlType: "bigint", baseType: "int8")

    private func stretches(_ position: PostgresPosition?) throws -> [KeysetQuery.Stretch] {
        try KeysetQuery("SELECT * FROM t", cursor: cursor, key: [key], isOrdered: true).stretches(from: position)
    }

    @Test func aFirstRunReadsEverythingRowsWithoutACursorLast() throws {
        #expect(
            try stretches(nil).map(\.sql) == [
                #"SELECT * FROM t WHERE "updated_at" IS NOT NULL ORDER BY "updated_at", "id""#,
                #"SELECT * FROM t WHERE "updated_at" IS NULL ORDER BY "id""#,
            ]
        )
    }

    @Test func aNewRunStartsAtItsBookmarkInclusively() throws {
        let first = try #require(try stretches(PostgresPosition(from: "2026-01-01")).first)
        #expect(
            first
                == KeysetQuery.Stretch(
                    sql:
                        #"SELECT * FROM t WHERE ("updated_at") >= (pg_catalog.current_setting('rollcall.p1')::timestamp with time zone) ORDER BY "updated_at", "id""#,
                    parameters: ["2026-01-01"]
                )
        )
    }

    @Test func anInterruptedRunGoesOnStrictlyAfterItsLastRow() throws {
        let all = try stretches(PostgresPosition(from: "2026-01-01", after: ["2026-01-05", "17"]))
        #expect(all.count == 2)
        #expect(all[0].sql.contains(#"("updated_at", "id") > ("#))
        #expect(all[0].parameters == ["2026-01-05", "17"])
    }

    @Test func amongRowsWithoutACursorTheKeyGoesOn() throws {
        let all = try stretches(PostgresPosition(from: "2026-01-01", after: [nil, "17"]))
        #expect(all.count == 1)
        #expect(all[0].sql.contains(#""updated_at" IS NULL AND ("id") > ("#))
        #expect(all[0].parameters == ["17"])
    }

    @Test func aPositionOfAnotherOrderIsRefused() {
        let position = Position(json: #"{"columns":["id"],"after":["3"]}"#)
        #expect(throws: RollcallError.self) { try PostgresPosition(position, columns: ["updated_at", "id"]) }
        #expect(throws: RollcallError.self) { try PostgresPosition(Position(json: "[]"), columns: ["id"]) }
    }
}
