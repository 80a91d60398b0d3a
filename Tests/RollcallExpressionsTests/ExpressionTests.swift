import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallExpressions

private func expression(_ sql: String) -> Expression {
    Expression(Located(sql, at: SourceLocation(file: "p.yaml", line: 7)), title: "`where`")
}

/// What the expression gives for one row.
private func value(_ sql: String, _ columns: [Schema.Column], _ row: [String?]) throws -> String? {
    let batch = try Batch.of(columns, [row])
    let derived = try DerivedColumns([("x", expression(sql))], batch.schema)
    return derived.evaluate(batch).columns[0][0]
}

private func message(_ sql: String, _ columns: [Schema.Column]?) throws -> String {
    do {
        try expression(sql).check(try columns.map { try Schema($0) })
        return ""
    } catch let error as RollcallError {
        return error.description
    }
}

@Suite struct ExpressionTests {
    @Test func textInDoubleQuotesIsToldOf() throws {
        let text = try message("consent = \"ja\"", [.init("consent")])
        #expect(text.contains("text is in single quotes: `'ja'`"))
        #expect(try message("consnt = 'ja'", [.init("consent")]).contains("did you mean `consent`?"))
    }

    @Test func integersCompareAsNumbers() throws {
        #expect(try value("n > 9", [.init("n", .integer)], ["10"]) == "1")
        #expect(try value("n = '10'", [.init("n", .integer)], ["10"]) == "1")
    }

    @Test func decimalsCompareAsNumbersAlsoBehindAFunction() throws {
        #expect(try value("coalesce(d, 0) > 9.5", [.init("d", .decimal)], ["10.00"]) == "1")
        #expect(try value("max(d, 9)", [.init("d", .decimal)], ["10.00"]) == "10.0")
        #expect(try value("d / 4", [.init("d", .decimal)], ["2.00"]) == "0.5")
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "0", "-1", "123456789012345678"])
    func wholeNumbersKeepAllTheirDigits(_ text: String) throws {
        #expect(try value("n", [.init("n", .integer)], [text]) == text)
    }

    @Test(arguments: [
        ("'L-' || d", "1234567890123456", "L-1234567890123456"), ("'+' || d", "306912345678", "+306912345678"),
        ("'x' || d", "12345678901234567890", "x12345678901234567890"), ("d", "123456789.012345", "123456789.012345"),
        ("typeof(d)", "7.5000000000000000", "real"), ("d", "7.5000000000000000", "7.5"), ("d", "-0.00", "0.0"),
        ("d", "100.00000000000000000000", "100.0"), ("d", "0.0500000000000000", "0.05"), ("d", "10.0010", "10.001"),
        ("coalesce(d, 0) > 8", "7.5000000000000000", "0"), ("coalesce(d, 0) > 8", "7.1234567890123456", "0"),
        ("coalesce(d, 0) > 8", "8.1234567890123456", "1"), ("d", "-0.1234567890123456", "-0.123456789012346"),
        ("d > 12345678901234567890", "12345678901234567890.25", "0"), ("d > 5", "12345678901234567890.25", "1"),
    ])
    func aDecimalIsTheNearestNumberAndAWholeOneKeepsItsDigits(_ sql: String, _ text: String, _ expected: String) throws
    {
        #expect(try value(sql, [.init("d", .decimal)], [text]) == expected)
    }

    @Test func aConditionWithoutColumnsThatFailsMakesEveryRowInvalid() throws {
        let batch = try Batch.of([.init("a")], [["1"], ["2"], ["3"]])
        let result = try RowFilter(expression("json_extract('{', '$.x') IS NOT NULL"), batch.schema).apply(batch)
        #expect(result.invalid.map(\.row) == [0, 1, 2])
        #expect(result.batch.rowCount == 0)
    }

    @Test(arguments: [("1e308 * 10 * d", "Infinity"), ("-1e308 * 10 * d", "-Infinity")])
    func aNumberThatIsTooLargeIsWrittenAsDecimalsAre(_ sql: String, _ expected: String) throws {
        #expect(try value(sql, [.init("d", .decimal)], ["2.5"]) == expected)
    }

    @Test func whatIsNoNumberStaysText() throws {
        #expect(try value("d", [.init("d", .decimal)], ["NaN"]) == "NaN")
        #expect(try value("typeof(n)", [.init("n", .integer)], ["n/a"]) == "text")
    }

    @Test func aBooleanIsACondition() throws {
        let columns = [Schema.Column("consent", .boolean)]
        #expect(try value("consent AND 1", columns, ["true"]) == "1")
        #expect(try value("NOT consent", columns, ["false"]) == "1")
        #expect(try value("consent = false", columns, ["false"]) == "1")
    }

    @Test func nullIsNull() throws {
        let columns = [Schema.Column("a"), Schema.Column("b")]
        #expect(try value("a || b", columns, ["x", nil]) == nil)
        #expect(try value("b IS NULL", columns, ["x", nil]) == "1")
        #expect(try value("a = ''", columns, ["", nil]) == "1")
        #expect(try value("a IS NULL", columns, ["", nil]) == "0")
    }

    @Test(arguments: [
        ("at > '2026-01-01 12:00'", "0"), ("at < '2026-01-01 12:00'", "1"), ("at = '2026-01-01T10:30:00+02:30'", "1"),
        ("at >= '2026-01-01'", "1"), ("at < '2026-01-01T08:00:00.000001Z'", "1"), ("'2026-01-02' > at", "1"),
        ("at BETWEEN '2025-12-31' AND '2026-01-01 08:00:00Z'", "1"),
    ])
    func momentsCompareAsPointsInTime(_ sql: String, _ expected: String) throws {
        #expect(try value(sql, [.init("at", .timestamp)], ["2026-01-01T08:00:00Z"]) == expected)
    }

    @Test func datesCompareAsDates() throws {
        #expect(try value("born < '1990-06-01'", [.init("born", .date)], ["1989-12-31"]) == "1")
        #expect(try value("born = '1989-12-31T00:00:00'", [.init("born", .date)], ["1989-12-31"]) == "1")
    }

    @Test(arguments: [
        ("upper(a)", "straße", "STRASSE"), ("lower(a)", "ΑΘΗΝΑ", "αθηνα"), ("upper(a)", "ümlaut", "ÜMLAUT"),
        ("upper(a)", "abcXYZ[`{", "ABCXYZ[`{"), ("lower(a)", "ABCxyz@[", "abcxyz@["), ("upper(a)", "", ""),
        ("upper(a) || lower(a)", "é😀", "É😀é😀"),
    ])
    func upperAndLowerFollowUnicode(_ sql: String, _ text: String, _ expected: String) throws {
        #expect(try value(sql, [.init("a")], [text]) == expected)
    }

    @Test func textOfAnyKindPassesUnchanged() throws {
        for text in ["a,\"b\"\nc", "Ωμέγα", "😀👨‍👩‍👧", "it's", "", "\u{FEFF}x"] {
            #expect(try value("a", [.init("a")], [text]) == text)
        }
    }

    @Test func columnsAreFoundInAnyCaseAndWithAnyName() throws {
        #expect(try value("FIRST_name", [.init("first_name")], ["Ada"]) == "Ada")
        #expect(
            try value("\"Zip \"\"Code\"\"\" || \"select\"", [.init("Zip \"Code\""), .init("select")], ["1", "2"])
                == "12"
        )
        #expect(try value("rowid", [.init("rowid")], ["mine"]) == "mine")
    }

    @Test(arguments: [
        ("statos = 'x'", "no such column: statos", "did you mean `status`?"),
        (
            "status = \"closed\"", "no such column: closed",
            "text is in single quotes: `'closed'`; the columns here are: status, n"
        ),
        ("status = ", "it is not complete", "expressions are SQLite's SQL"),
        ("status == 'a' ORDER BY 1", "near \"ORDER\": syntax error", "expressions are SQLite's SQL"),
        ("upcase(status)", "no such function: upcase", "expressions are SQLite's SQL"),
        ("count(*) > 1", "misuse of aggregate function count()", "expressions are SQLite's SQL"),
        ("row_number() OVER () = 1", "misuse of window function row_number()", "expressions are SQLite's SQL"),
        ("status IN (SELECT status FROM batch)", "a sub-select is not allowed", "expressions are SQLite's SQL"),
        ("1); DROP TABLE batch; --", "there is more than one statement", "expressions are SQLite's SQL"),
        ("1)--", "closes a parenthesis too many", "expressions are SQLite's SQL"),
        ("load_extension('x')", "load_extension", "expressions are SQLite's SQL"),
        ("n > 1 OR rowid = 1", "no such column: SQLite would take it for the number", "name a column: status, n"),
        ("\"oid\" > 1", "no such column", "name a column"), ("batch._ROWID_ > 1", "no such column", "name a column"),
        ("random() > 0", "random is not allowed", "the step `sample`"),
        ("hex(randomblob(4)) > 'A'", "randomblob is not allowed", "the step `sample`"),
        ("status > now()", "no such function: now", "`datetime('now')`"), ("!n", "unrecognized token", "`NOT` turns"),
        ("concat(status, 'x') = 'ax'", "no such function: concat", "`a || b` joins text"),
        ("status ILIKE 'a%'", "near \"ILIKE\"", "`LIKE` takes English letters in any case"),
        ("n > 1 && n < 5", "near \"&\"", "`AND` joins"),
        ("status::int > 3", "unrecognized token", "`CAST(a AS INTEGER)`"),
        ("status > current_date - interval '30 days'", "syntax error", "`date('now', '-30 days')`"),
        ("(n > 1 AND status = 'a'", "incomplete input", "a parenthesis"),
    ])
    func aBadExpressionIsRefusedWithItsPlace(_ sql: String, _ what: String, _ hint: String) throws {
        let told = try message(sql, [.init("status"), .init("n", .integer)])
        #expect(told.hasPrefix("p.yaml:7: `where` is no valid SQL expression: "), "\(told)")
        #expect(told.contains(what), "\(told)")
        #expect(told.contains(hint), "\(told)")
    }

    @Test(
        arguments: [
            "status = NULL", "n <> null", "NULL = n", "n > 1 AND NULL <= n", "CASE WHEN status == NULL THEN 1 END",
            "status NOT IN ('a', NULL)", "status IN (NULL)", "n IN (1, null, 2) OR n = 4",
        ],
        [true, false]
    )
    func aComparisonWithNullIsRefused(_ sql: String, knowsColumns: Bool) throws {
        let told = try message(sql, knowsColumns ? [.init("status"), .init("n", .integer)] : nil)
        #expect(told.contains("is true of no row"), "\(sql): \(told)")
        #expect(told.contains("IS NULL`"), "\(told)")
    }

    @Test(arguments: [
        "status IS NULL", "status IS NOT NULL", "(status IS NULL) = (n IS NULL)", "n IS NULL = 1", "n NOT NULL = 1",
        "nullif(status, NULL) = 'a'", "iif(n > 1, NULL, n) = 1", "status = 'NULL'", "n IN (coalesce(NULL, 1), 2)",
        "status IS NOT DISTINCT FROM NULL",
    ])
    func whatAsksForNullIsAllowed(_ sql: String) throws {
        #expect(try message(sql, [.init("status"), .init("n", .integer)]) == "", "\(sql)")
    }

    @Test func theSpotInTheExpressionIsPointedAt() throws {
        let told = try message("consent\nAND statos = 'x'", [.init("consent", .boolean)])
        #expect(told.contains("\n    AND statos = 'x'\n        ^"), "\(told)")
        let chance = try message("consent\nAND random() > 0", [.init("consent", .boolean)])
        #expect(chance.contains("\n    AND random() > 0\n        ^"), "\(chance)")
    }

    @Test func withoutColumnsEverythingButTheirNamesIsChecked() throws {
        #expect(try message("consent AND lower(status) <> 'closed'", nil) == "")
        #expect(try message("consent AND", nil).contains("it is not complete"))
        #expect(try message("upcase(status)", nil).contains("no such function: upcase"))
        #expect(try message("oid = 1 AND NOT rowid AND _rowid_ < '31/12/2020'", nil) == "")
        #expect(try message("random() > 0", nil).contains("random is not allowed"))
    }

    @Test func aRowThatFailsIsReportedAndTheOthersGoOn() throws {
        let batch = try Batch.of([.init("n", .integer)], [["1"], ["-9223372036854775808"], ["-3"]])
        let derived = try DerivedColumns([("x", expression("abs(n)"))], batch.schema)
        let (kept, columns, faults) = derived.evaluate(batch)
        #expect(kept.rows == [["1"], ["-3"]])
        #expect([columns[0][0], columns[0][1]] == ["1", "3"])
        #expect(faults == [RowFault(row: 1, code: "expression_failed", reason: "integer overflow")])
    }

    @Test func computedNumbersAreNumbersForTheNextStep() throws {
        let schema = try Schema([.init("n", .integer), .init("t")])
        let derived = try DerivedColumns(
            [("a", expression("n + 1")), ("b", expression("n * 0.5")), ("c", expression("t || n"))],
            schema
        )
        #expect(derived.types == [.integer, .decimal, .text])
        let mixed = try DerivedColumns(
            [
                ("a", expression("CASE WHEN regexp_like(t, '^[0-9]+$') THEN CAST(t AS INTEGER) END")),
                ("b", expression("CASE WHEN t > 'a' THEN n ELSE n / 2.0 END")),
                ("c", expression("CASE WHEN t > 'a' THEN n ELSE t END")), ("d", expression("NULL")),
            ],
            schema
        )
        #expect(mixed.types == [.integer, .decimal, .text, .text])
    }

    /// The next step would read +302101234567 as the number 302101234567.
    @Test func textInAColumnOfNumbersMakesItsRowFail() throws {
        let batch = try Batch.of([.init("j", .json)], [["{}"], [#"{"phone": "+302101234567"}"#], [#"{"phone": 7}"#]])
        let derived = try DerivedColumns([("x", expression("coalesce(j ->> '$.phone', 0)"))], batch.schema)
        let (kept, columns, faults) = derived.evaluate(batch)
        #expect(kept.rowCount == 2)
        #expect([columns[0][0], columns[0][1]] == ["0", "7"])
        #expect(faults.map(\.row) == [1])
        #expect(faults.first?.code == "expression_type")
        let text = try DerivedColumns([("x", expression("CAST(coalesce(j ->> '$.phone', 0) AS TEXT)"))], batch.schema)
        #expect(text.evaluate(batch).columns[0][1] == "+302101234567")
    }

    @Test func namesThatDifferOnlyInCaseAreRefused() throws {
        #expect(try message("Phone = '1'", [.init("Phone"), .init("phone")]).contains("differ only in case"))
    }

    @Test func aFilterKeepsWhatIsTrueAndCountsTheRest() throws {
        let batch = try Batch.of([.init("a")], [["x"], [nil], ["y"], ["x"]])
        let result = try RowFilter(expression("a = 'x'"), batch.schema).apply(batch)
        #expect(result.batch.rows == [["x"], ["x"]])
        #expect(result.filtered == 2)
        #expect(result.batch.origin(of: 1) == 3)
    }
}
