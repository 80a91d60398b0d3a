import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct LookupTests {
    private let tableColumns: [Schema.Column] = [
        .init("person_id", .integer), .init("consented", .boolean), .init("given_on", .date),
    ]
    private let consents: [[String?]] = [
        ["1", "true", "2026-01-31"], ["2", "false", nil], ["3", nil, "2026-02-01"],
    ]

    /// A step with these settings, and this table.
    private func lookup(
        _ settings: ConfigurationNode,
        columns: [Schema.Column]? = nil,
        key: [String] = ["person_id"],
        isDeclared: Bool = false,
        table: [[[String?]]]? = nil
    ) throws -> Lookup {
        let batches = try (table ?? [consents]).map { try Batch.of(columns ?? tableColumns, $0) }
        let table = Component.rows(RowsSource(key: key, batches, isDeclared: isDeclared))
        return try Lookup(Lookup.spec.settings(from: settings, sources: ["from": table]))
    }

    private func prepared(_ step: Lookup) async throws -> any Transform {
        try await step.prepared(reading: step.table)
    }

    private func joined(_ step: Lookup, _ columns: [Schema.Column], _ rows: [[String?]]) async throws -> Transformed {
        let step = try await prepared(step)
        let batch = try Batch.of(columns, rows)
        let result = try step.open(batch.schema).apply(batch)
        #expect(try step.outputSchema(for: batch.schema) == result.batch.schema)
        #expect(result.batch.rowCount + result.filtered + result.invalid.count == rows.count)
        return result
    }

    private let leads: [Schema.Column] = [.init("id", .integer), .init("given_on")]
    private let settings: [(String, ConfigurationNode)] = [
        ("from", "rows"), ("on", ["id"]), ("columns", ["may_call": "consented", "given_on": "given_on"]),
    ]

    private func settings(_ more: (String, ConfigurationNode)...) -> ConfigurationNode {
        let place = SourceLocation(file: "test.yaml", line: 1)
        let kept = settings.filter { entry in !more.contains { $0.0 == entry.0 } }
        return .mapping(
            (kept + more).map { ConfigurationNode.Entry(key: $0, location: place, value: $1) },
            place
        )
    }

    // MARK: - Joining

    @Test func rowsGetTheValuesOfTheirKeyWithTheTypesOfTheTable() async throws {
        let rows = [["2", "x"], ["1", "x"], ["3", "x"], ["4", "x"], [nil, "x"], ["", "x"], ["1", "y"]]
        let result = try await joined(lookup(settings()), leads, rows)
        #expect(
            result.batch.schema.columns == [
                .init("id", .integer), .init("given_on", .date), .init("may_call", .boolean),
            ]
        )
        #expect(
            result.batch.rows == [
                ["2", nil, "false"], ["1", "2026-01-31", "true"], ["3", "2026-02-01", nil], ["4", nil, nil],
                [nil, nil, nil], ["", nil, nil], ["1", "2026-01-31", "true"],
            ]
        )
    }

    @Test func aKeyOfSeveralColumnsIsComparedColumnByColumn() async throws {
        let columns: [Schema.Column] = [.init("a"), .init("b"), .init("v")]
        let table = try lookup(
            ["from": "rows", "on": ["x", "y"], "columns": ["v"]],
            columns: columns,
            key: ["b", "a"],
            table: [[["a", "bc", "1"], ["ab", "c", "2"]]]
        )
        let rows: [[String?]] = [["bc", "a"], ["c", "ab"], ["b", "ca"], ["abc", ""]]
        let result = try await joined(table, [.init("x"), .init("y")], rows)
        #expect(result.batch.rows.map { $0[2] } == ["1", "2", nil, nil])
    }

    @Test(
        arguments: [
            ("null", [["1", "true"], ["9", nil]], 0, []),
            ("filter", [["1", "true"]], 1, []),
            (
                "reject", [["1", "true"]], 0,
                [RowFault(row: 1, code: "not_in_table", reason: "the value of \"id\" is not in the table")]
            ),
        ] as [(String, [[String?]], Int, [RowFault])]
    )
    func whatIsNotInTheTableIsNullOrLeftOutOrRefused(
        _ word: String,
        _ rows: [[String?]],
        _ filtered: Int,
        _ invalid: [RowFault]
    ) async throws {
        let place = SourceLocation(file: "test.yaml", line: 1)
        let word = ConfigurationNode.scalar(word, isQuoted: false, place)
        let step = try lookup(settings(("columns", ["may_call": "consented"]), ("on_missing", word)))
        let result = try await joined(step, [.init("id", .integer)], [["1"], ["9"]])
        #expect(result.batch.rows == rows)
        #expect(result.filtered == filtered)
        #expect(result.invalid == invalid)
    }

    @Test func whatIsNotInTheTableCanHaveDefaults() async throws {
        let step = try lookup(settings(("on_missing", "default"), ("default", ["may_call": "false"])))
        let result = try await joined(step, leads, [["1", nil], ["9", nil]])
        #expect(result.batch.rows == [["1", "2026-01-31", "true"], ["9", nil, "false"]])
    }

    /// A table of refusals whose keys are written otherwise lets everybody through.
    @Test(arguments: [(99, nil, false), (100, nil, true), (100, 50, false)] as [(Int, Int?, Bool)])
    func aTableThatHasNoneOfManyRowsIsOdd(_ count: Int, _ found: Int?, _ isOdd: Bool) async throws {
        let step = try await prepared(try lookup(settings()))
        let rows: [[String?]] = (1...count).map { [$0 == found ? "1" : "x\($0)", nil] }
        let batch = try Batch.of([.init("id"), .init("given_on")], rows)
        let opened = try step.open(batch.schema)
        _ = try opened.apply(batch)
        #expect(opened.remarks.isEmpty != isOdd)
        #expect(!isOdd || opened.remarks[0].contains("none of the first 100 rows is in its table"))
    }

    /// As with a list of those who must not be called.
    @Test func aTableWithoutColumnsSaysWhoIsInIt() async throws {
        let step = try lookup(["from": "rows", "on": ["id"], "on_missing": "filter"])
        let result = try await joined(step, leads, [["1", "x"], ["9", "x"]])
        #expect(result.batch.rows == [["1", "x"]])
    }

    @Test(
        arguments: [
            (LogicalType.integer, LogicalType.integer, ["7": "7", "007": "7", "8": nil, "-7": nil, "0": "0"]),
            (.decimal, .integer, ["7.00": "7", "7.0001": nil, "070.0": nil, "0.0": "0", "NaN": nil]),
            (.text, .integer, ["7": "7", "007": "7", "7.0": "7", " 7": nil, "x": nil]),
            (.integer, .text, ["7": "7", "007": "7", "0": "0", "00": "0", "0100": "100", "100": "100"]),
            (.text, .text, ["7": "7", "007": nil, "00": "0", "0": nil]),
        ] as [(LogicalType, LogicalType, [String: String?])]
    )
    func numbersAreComparedAsNumbersWhereOneSideHasThem(
        _ row: LogicalType,
        _ table: LogicalType,
        _ expected: [String: String?]
    ) async throws {
        let columns: [Schema.Column] = [.init("person_id", table), .init("v")]
        let step = try lookup(
            settings(("columns", ["v"])),
            columns: columns,
            table: [[["7", "7"], ["00", "0"], ["0100", "100"]]]
        )
        for (key, value) in expected {
            let result = try await joined(step, [.init("id", row)], [[key]])
            #expect(result.batch.rows[0][1] == value, "\(key)")
        }
    }

    /// A blocked number that is read as a number on one side is still found.
    @Test(arguments: [
        (LogicalType.integer, "06912345678", LogicalType.text, "06912345678", true),
        (.decimal, "7.00", .text, "7.00", true), (.decimal, "7.50", .text, "7.50", true),
        (.integer, "007", .text, "7", true), (.integer, "7", .text, "007", true), (.integer, "7", .text, "x7", false),
        (.text, "+5", .integer, "+5", true),
        (.text, "5", .integer, "+5", true), (.text, "5", .text, "+5", false), (.integer, "5", .integer, "+5", true),
        (.decimal, ".5", .decimal, "0.5", true), (.decimal, "5.", .integer, "5", true),
        (.decimal, "-0", .integer, "0", true), (.decimal, "-0.00", .decimal, "+0", true),
        (.decimal, "1e2", .integer, "100", true), (.decimal, "1.5E-1", .decimal, "0.150", true),
        (.integer, "-07", .integer, "-7", true), (.integer, "-7", .integer, "7", false),
        (.decimal, "1e60", .decimal, "10e59", true), (.decimal, "1e60", .decimal, "1e61", false),
        (.decimal, "1e-60", .decimal, "0.1e-59", true), (.decimal, "0.05", .decimal, "5e-2", true),
        (.decimal, "12.340", .decimal, "1234e-2", true), (.decimal, "NaN", .decimal, "NaN", true),
        (.decimal, "e5", .decimal, "0", false), (.decimal, ".", .decimal, "0", false),
        (.decimal, "1.2.3", .decimal, "1.23", false), (.decimal, "1e", .decimal, "1", false),
        (.decimal, "1e99999999999", .decimal, "1e99999999999", true),
    ])
    func equalNumbersAreTheSameWhereOneSideHasNumbersAndElseTheTextsAreCompared(
        _ row: LogicalType,
        _ key: String,
        _ table: LogicalType,
        _ keyOfTable: String,
        _ isFound: Bool
    ) async throws {
        let columns: [Schema.Column] = [.init("person_id", table), .init("v")]
        let step = try lookup(settings(("columns", ["v"])), columns: columns, table: [[[keyOfTable, "found"]]])
        let result = try await joined(step, [.init("id", row)], [[key]])
        #expect(result.batch.rows[0][1] == (isFound ? "found" : nil))
    }

    /// What the table says of a number must be one thing, but only where it is asked for numbers.
    @Test func keysThatAreOneNumberMustHaveTheSameValuesWhereNumbersAreCompared() async throws {
        let columns: [Schema.Column] = [.init("person_id"), .init("v")]
        let rows: [[String?]] = [["7", "a"], ["8", "c"], ["007", "b"]]
        let step = try lookup(settings(("columns", ["v"])), columns: columns, table: [rows])
        let texts = try await joined(step, [.init("id")], [["7"], ["007"], ["07"]])
        #expect(texts.batch.rows.map { $0[1] } == ["a", "b", nil])
        let prepared = try await prepared(step)
        let error = #expect(throws: RollcallError.self) { try prepared.open(Schema([.init("id", .integer)])) }
        #expect(error?.description.contains("rows 1 and 3 of the table") == true)
        #expect(error?.disposition == .preflight)
        let same = try lookup(settings(("columns", ["v"])), columns: columns, table: [[["7", "a"], ["007", "a"]]])
        #expect(try await joined(same, [.init("id", .integer)], [["07"]]).batch.rows[0][1] == "a")
    }

    @Test(arguments: [
        (LogicalType.boolean, LogicalType.integer), (.date, .decimal), (.timestamp, .timestamp), (.text, .json),
    ])
    func keysThatCannotBeComparedAreAMistake(_ row: LogicalType, _ table: LogicalType) async throws {
        let columns: [Schema.Column] = [.init("person_id", table), .init("v")]
        let step = try lookup(settings(("columns", ["v"])), columns: columns, table: [[]])
        // Nothing is known of the table's types before it is read.
        let input = try Schema([.init("id", row)])
        #expect(try step.outputSchema(for: input) == nil)
        let prepared = try await prepared(step)
        let error = #expect(throws: RollcallError.self) { try prepared.outputSchema(for: input) }
        #expect(error?.description.contains("`on` names \"id\", which") == true)
        #expect(error?.description.contains("make text of it on both sides") == true)
        #expect(error?.disposition == .configuration)
    }

    // MARK: - Large tables

    @Test func aTableOfManyRowsFindsEachOfThem() async throws {
        let rows = (0..<30_000).map { ["\($0)", String(repeating: "v\($0) ", count: $0 % 40)] }
        let columns: [Schema.Column] = [.init("person_id"), .init("v")]
        let step = try lookup(
            settings(("columns", ["v"])),
            columns: columns,
            table: [Array(rows[..<9_000]), Array(rows[9_000...])]
        )
        let result = try await joined(step, [.init("id")], (0..<30_001).map { ["\($0)"] })
        #expect(result.batch.rows.map { $0[1] } == rows.map { $0[1] } + [nil])
    }

    @Test func aTableOfMoreRowsThanAllowedIsAnError() async throws {
        let step = try lookup(settings(("max_rows", 2)))
        let error = await #expect(throws: RollcallError.self) { try await prepared(step) }
        #expect(error?.description.contains("more rows than `max_rows`, which is 2") == true)
        #expect(error?.disposition == .preflight)
    }

    /// Or who is in no table of refusals any more would be called.
    @Test(arguments: [(nil, 0, true), (3, 2, true), (2, 2, false), (0, 0, false)] as [(Int?, Int, Bool)])
    func aTableOfFewerRowsThanThereMustBeIsAnError(_ least: Int?, _ count: Int, _ isRefused: Bool) async throws {
        let rows: [[String?]] = (0..<count).map { ["\($0)", nil, nil] }
        let step = try lookup(
            least.map { settings(("min_rows", .init(integerLiteral: $0))) } ?? settings(),
            table: [rows]
        )
        let read = try await prepared(step)
        guard isRefused else { return try read.checkContent() }
        let error = #expect(throws: RollcallError.self) { try read.checkContent() }
        #expect(error?.description.contains("the table has \(count) rows") == true)
        #expect(error?.disposition == .preflight)
    }

    // MARK: - What is wrong with a table

    @Test func rowsWithOneKeyMustBeTheSameInTheColumnsThatAreUsed() async throws {
        let rows: [[String?]] = [["1", "true", "2026-01-31"], ["2", nil, nil], ["1", "true", "2025-12-24"]]
        let same = try lookup(settings(("columns", ["may_call": "consented"])), table: [rows])
        #expect(try await joined(same, leads, [["1", "x"]]).batch.rows == [["1", "x", "true"]])
        let error = await #expect(throws: RollcallError.self) { try await prepared(lookup(settings(), table: [rows])) }
        #expect(
            error?.description.contains(
                "rows 1 and 3 of the table, in the order they are read in, have the same person_id"
            )
                == true
        )
        #expect(error?.description.contains("2025") == false)
    }

    @Test func rowsWithoutAKeyOrThatCannotBeReadEndTheRunUnlessTheyMayBeSkipped() async throws {
        for key in [nil, ""] {
            let rows: [[[String?]]] = [[["1", "true", nil], [key, "false", nil]], [["2", "true", nil]]]
            let error = await #expect(throws: RollcallError.self) {
                try await prepared(lookup(settings(), table: rows))
            }
            #expect(error?.description.contains("cannot be used: row 2 of the table has no person_id") == true)
            let lenient = try await prepared(lookup(settings(("on_error", "skip")), table: rows))
            #expect(
                lenient.remarks == [
                    """
                    1 row of the table cannot be used and counts as not there, the first: row 2 of the table has no person_id
                    """
                ]
            )
        }
        var batch = try Batch.of(tableColumns, [["1", "true", nil]])
        batch.unreadable = [UnreadableRow(at: "consent.csv:7", code: "too_few_values", reason: "has 2 values, not 3")]
        let table = Component.rows(RowsSource(key: ["person_id"], [batch]))
        let step = try Lookup(Lookup.spec.settings(from: settings(), sources: ["from": table]))
        let error = await #expect(throws: RollcallError.self) { try await prepared(step) }
        #expect(error?.description.contains("consent.csv:7: has 2 values, not 3") == true)
        #expect(error?.disposition == .preflight)
    }

    // MARK: - The digest

    private func digest(_ table: [[[String?]]]) async throws -> [UInt8] {
        let step = try lookup(settings(("columns", ["may_call": "consented"])), table: table)
        return try #require(try await prepared(step).contentDigest)
    }

    @Test func theDigestIsOfTheColumnsThatAreUsedInWhateverOrder() async throws {
        let whole = try await digest([consents])
        #expect(try await digest([Array(consents.reversed())]) == whole)
        #expect(try await digest(consents.map { [$0] }) == whole)
        #expect(try await digest([consents + consents]) == whole)
        #expect(try await digest([consents.map { [$0[0], $0[1], "2020-02-02"] }]) == whole)
        for (row, column, value) in [(0, 0, "4"), (0, 1, "false"), (2, 1, "true"), (1, 1, nil)] as [(Int, Int, String?)]
        {
            var changed = consents
            changed[row][column] = value
            #expect(try await digest([changed]) != whole)
        }
        #expect(try await digest([Array(consents.dropLast())]) != whole)
        // A value that goes from one row to another changes it, too.
        let one = try await digest([[["1", "false", nil], ["2", "true", nil]]])
        let other = try await digest([[["1", "true", nil], ["2", "false", nil]]])
        #expect(one != other)
        #expect(try lookup(settings()).contentDigest == nil)
    }

    // MARK: - Settings

    @Test func whatIsKnownOfTheTableIsCheckedBeforeItIsRead() throws {
        let step = try lookup(settings(), isDeclared: true)
        let input = try Schema(leads)
        #expect(try step.outputSchema(for: input)?.columns.map(\.type) == [.integer, .date, .boolean])
        #expect(try step.outputSchema(for: nil) == nil)
        #expect(step.columns(of: input, neededFor: ["may_call"]) == ["id"])
        #expect(step.columns(of: input, neededFor: ["given_on"]) == ["id", "given_on"])
    }

    @Test(
        arguments: [
            ([("on", ["id", "given_on"])], "`on` names 2 of the columns, and the `key` of the table 1"),
            ([("on", [])], "`on` must name at least one column"),
            ([("columns", ["a": "consnted"])], "did you mean `consented`?"),
            ([("columns", [])], "`columns` is empty, so the step would do nothing"),
            ([("columns", ["consented", "consented"])], "two columns are called \"consented\""),
            ([("on_missing", "default")], "`on_missing` is `default`, and there is none"),
            ([("default", ["may_call": "false"])], "`default` has no use without `on_missing: default`"),
            ([("on_missing", "default"), ("default", ["may_cal": "false"])], "did you mean `may_call`?"),
            (
                [("on_missing", "default"), ("default", ["may_call": "no"])],
                "`default` has \"no\" for `may_call`, which is of the type boolean"
            ),
            ([("max_rows", 0)], "must be from 1"),
        ] as [([(String, ConfigurationNode)], String)]
    )
    func settingsThatCannotBeAreRefused(_ changes: [(String, ConfigurationNode)], _ words: String) {
        let place = SourceLocation(file: "test.yaml", line: 1)
        let kept = settings.filter { entry in !changes.contains { $0.0 == entry.0 } }
        let node = ConfigurationNode.mapping(
            (kept + changes).map { ConfigurationNode.Entry(key: $0, location: place, value: $1) },
            place
        )
        let error = #expect(throws: RollcallError.self) { try lookup(node, isDeclared: true) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.disposition == .configuration)
    }

    @Test func aKeyThatIsNoColumnOfTheRowsIsAMistake() throws {
        let error = #expect(throws: RollcallError.self) {
            try lookup(settings(("on", ["idd"]))).outputSchema(for: Schema(leads))
        }
        #expect(error?.description.contains("did you mean `id`?") == true)
    }
}
