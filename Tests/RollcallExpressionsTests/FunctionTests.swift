import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallExpressions

/// What an expression gives for each value of the column `a`; a reason where a row is invalid.
private func values(_ sql: String, _ values: [String?]) throws -> [String?] {
    let expression = Expression(Located(sql, at: SourceLocation(file: "p.yaml", line: 7)), title: "`x`")
    let batch = try Batch.of([.init("a")], values.map { [$0] })
    let (kept, columns, faults) = try DerivedColumns([("x", expression)], batch.schema).evaluate(batch)
    var results = [String?](repeating: nil, count: values.count)
    for row in 0..<kept.rowCount { results[kept.origin(of: row)] = columns[0][row] }
    for fault in faults { results[fault.row] = "invalid: \(fault.reason)" }
    return results
}

private func message(_ sql: String, _ columns: [Schema.Column]?) throws -> String {
    do {
        try Expression(Located(sql, at: SourceLocation(file: "p.yaml", line: 7)), title: "`x`")
            .check(try columns.map { try Schema($0) })
        return ""
    } catch let error as RollcallError {
        return error.description
    }
}

@Suite struct FunctionTests {
    @Test(arguments: [
        ("regexp_replace(a, '', '-', 'g')", "äb", "-ä-b-"), ("regexp_replace(a, 'x*', '-', 'g')", "abxc", "-a-b--c-"),
        ("regexp_replace(a, '$', '!')", "ab", "ab!"), ("regexp_replace(a, '(a)|(b)', '[\\2]', 'g')", "ab", "[][b]"),
        ("regexp_replace(a, 'a', '\\\\1\\')", "a", "\\1\\"), ("regexp_replace(a, 'ß', 'ss', 'i')", "ẞ", "ss"),
        ("regexp_replace(a, '(?<=b)c', 'd', 'g')", "bcc", "bdc"),
        ("regexp_replace(a, '^x', 'y', 'gm')", "x\nx", "y\ny"),
        ("regexp_replace(a, '.', '', 'gs')", "a\n😀", ""), ("regexp_replace(a, ' a # it ', 'b', 'x')", "a", "b"),
        ("regexp_replace(a, '\\b', '|', 'g')", "ab cd", "|ab| |cd|"),
    ])
    func matchesAreReplaced(_ sql: String, _ value: String, _ expected: String) throws {
        #expect(try values(sql, [value]) == [expected])
    }

    @Test func nullInAnyArgumentIsNull() throws {
        for sql in [
            "regexp_like(a, 'x')", "regexp_like('x', a)", "regexp_like('x', 'x', a)", "regexp_replace(a, 'x', 'y')",
            "regexp_replace('x', 'x', a)", "split_part(a, 'x', 1)", "split_part('x', a, 1)", "split_part('x', 'x', a)",
            "parse_date(a, 'iso8601')", "parse_date('2026-01-01', a)", "parse_date('2026-01-01', 'iso8601', a)",
        ] {
            #expect(try values(sql, [nil]) == [nil], "\(sql)")
        }
    }

    @Test func patternsFromColumnsAreCompiledOnceEachAndFaultsMakeRowsInvalid() throws {
        let patterns = (0..<600).map { "^x\($0 % 300)$" }
        #expect(try values("regexp_like('x7', a)", patterns) == (0..<600).map { $0 % 300 == 7 ? "1" : "0" })
        #expect(
            try values("regexp_like('x', a)", ["(", "x", "secret'("]) == [
                "invalid: the pattern is not valid at character 2: missing closing parenthesis", "1",
                "invalid: the pattern is not valid at character 9: missing closing parenthesis",
            ]
        )
    }

    /// As with arguments in the wrong order.
    @Test func valuesThatAreNoFlagsOrFormatsAreNotInTheReasons() throws {
        #expect(
            try values("regexp_like('x', 'x', a)", ["Olga", "Ö", "i"]) == [
                "invalid: a flag of a row is none; the flags are i, g, m, s and x",
                "invalid: a flag of a row is none; the flags are i, g, m, s and x", "1",
            ]
        )
        #expect(
            try values("regexp_replace('x', 'x', 'y', a)", ["Olga"]) == [
                "invalid: a flag of a row is none; the flags are i, g, m, s and x"
            ]
        )
        #expect(
            try values("parse_date('2026', a)", ["Olga", "dd dd", "'", "yyyy", "yyyy-MM-dd"]) == [
                "invalid: the format of a row is none that dates can be written in",
                "invalid: the format of a row is none that dates can be written in",
                "invalid: the format of a row is none that dates can be written in",
                "invalid: the format of a row is none that dates can be written in", nil,
            ]
        )
    }

    @Test func aPatternThatWouldTakeForEverMakesItsRowInvalid() throws {
        let value = String(repeating: "a", count: 60) + "!"
        let results = try values("regexp_like(a, '^(a|a)*$')", ["aaa", value])
        #expect(results[0] == "1")
        #expect(results[1]?.hasPrefix("invalid: the pattern could not be tried: ") == true)
    }

    @Test(arguments: [
        ("a,b,c", ",", 3, "c"), ("a,b,c", ",", 4, ""), ("a,b,c", ",", -3, "a"), ("a,b,c", ",", -4, ""),
        ("abc", "", 1, "abc"),
        ("abc", "", 2, ""), ("", ",", 1, ""), ("aXXbXX", "XX", 3, ""), ("äöü", "ö", 2, "ü"), ("aXXXb", "XX", 2, "Xb"),
    ])
    func partsAreThoseOfPostgres(_ text: String, _ separator: String, _ number: Int, _ expected: String) throws {
        #expect(try values("split_part(a, '\(separator)', \(number))", [text]) == [expected])
    }

    @Test func whatIsWrittenDownIsCheckedBeforeAnyRow() throws {
        for columns in [nil, [Schema.Column("a")]] {
            let pattern = try message("a = 1 OR\nregexp_like(a, '[a')", columns)
            #expect(
                pattern.hasPrefix("p.yaml:7: `x` is no valid SQL expression: the pattern is not valid at character 3: ")
            )
            #expect(pattern.contains("\n    regexp_like(a, '[a')\n                   ^"), "\(pattern)")
            #expect(try message("regexp_replace(a, 'x', 'y', 'q')", columns).contains("there is no flag q"))
            #expect(
                try message("regexp_like(a, b || '(', 'iq')", columns == nil ? nil : [.init("a"), .init("b")]).contains(
                    "no flag q"
                )
            )
            #expect(try message("parse_date(a, 'YYYY')", columns).contains("the format has the letters `YYYY`"))
            #expect(try message("parse_date(a, 'iso8601', 'Mars/X')", columns).contains("there is no such time zone"))
            #expect(
                try message(
                    "regexp_like(a, '[' || 'a]') AND a <> 'regexp_like(a, ''['')' /* regexp_like(a, '[') */",
                    columns
                ) == ""
            )
            #expect(try message("coalesce(regexp_like((a), '(x)'), /* ( */ \"a\" = '(')", columns) == "")
        }
    }

    @Test func aRegionThatIsNotKnownLeavesOnlyNumbersThatNameTheirCountry() throws {
        let texts = ["2101234567", "+302101234567", " +30 210 123 4567 ext. 5", "", "x", nil]
        let international = [nil, "+302101234567", "+302101234567", nil, nil, nil]
        for region in ["NULL", "''", "' ' || ' '", "'X' || 'X'", "7"] {
            #expect(try values("e164(a, \(region))", texts) == international, "\(region)")
        }
        #expect(try values("e164(a)", texts) == international)
        #expect(try values("e164(a, ' gr ' || '')", texts)[0] == "+302101234567")
        #expect(try values("e164('2101234567', a)", ["GR", "DE", nil])[...1] == ["+302101234567", "+492101234567"])
        #expect(try values("e164('207 946 0958', a)", ["UK", "uk", "GBR"]) == ["+442079460958", "+442079460958", nil])
        #expect(try values("e164(2101234567, 'GR')", [nil]) == ["+302101234567"])
    }

    @Test func aRegionThatIsWrittenDownMustExist() throws {
        #expect(
            try message("e164(a, 'XX')", nil).contains("there is no such region, by the ISO 3166 code of two letters")
        )
        #expect(try message("e164(a, 'UK') || e164(a, 'el')", [.init("a")]) == "")
        #expect(try message("e164(a, 'GRC')", [.init("a")]).contains("there is no such region"))
        #expect(try message("e164(a, '') || e164(a, 'gr') || e164(a, NULL)", [.init("a")]) == "")
    }

    @Test func aSigmaAtTheEndOfAWordHasItsOwnForm() throws {
        #expect(try values("lower(a)", ["ΟΔΟΣ ΣΑΣ", "ΣΣ1"]) == ["οδος σας", "σσ1"])
    }
}
