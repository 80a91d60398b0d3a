import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct SampleLimitDedupeTests {
    private let columns: [Schema.Column] = [.init("id"), .init("b")]

    private func sampled(_ settings: ConfigurationNode, _ rows: [[String?]]) throws -> Set<String?> {
        Set(try transformed(Sample.self, settings, columns, rows).batch.rows.map { $0[0] })
    }

    // MARK: - sample

    @Test(arguments: [("0%", 0), ("1%", 200), ("10%", 2_000), ("33.3%", 6_660), ("99%", 19_800), ("100%", 20_000)])
    func aSampleHasAboutItsShareOfTheRows(_ share: String, _ expected: Int) throws {
        let node = ConfigurationNode.scalar(share, isQuoted: false, .init(file: "t", line: 1))
        let rows = (0..<20_000).map { ["\($0)", "x"] }
        let count = try sampled(["share": node, "key": ["id"]], rows).count
        #expect(abs(count - expected) <= expected / 10 + (expected > 0 ? 30 : 0))
    }

    @Test func aSampleIsTheSameInEveryRunAndPartOfALargerOne() throws {
        let rows = (0..<2_000).map { ["\($0)", "x"] }
        let small = try sampled(["share": "10%", "key": ["id"]], rows)
        #expect(try sampled(["share": "10%", "key": ["id"]], rows.reversed()) == small)
        #expect(try sampled(["share": "20%", "key": ["id"]], rows).isSuperset(of: small))
        #expect(try sampled(["share": "10%", "key": ["id"], "seed": "2"], rows) != small)
        // Known values: another version of the program must not choose other contacts.
        #expect(small.compactMap { $0.flatMap { Int($0) } }.sorted().prefix(5) == [1, 4, 6, 8, 21])
    }

    @Test func rowsWithTheSameKeyShareTheirFate() throws {
        let rows = (0..<1_000).map { ["\($0)", "\($0 % 10)"] }
        let chosen = try sampled(["share": "50%", "key": ["b"]], rows).compactMap { $0.flatMap { Int($0) } }
        #expect(chosen.count == Set(chosen.map { $0 % 10 }).count * 100)
    }

    @Test func rowsThatAreNotSampledCountAsFiltered() throws {
        let result = try transformed(Sample.self, ["share": "0%", "key": ["id"]], columns, [["1", nil], [nil, nil]])
        #expect(result.filtered == 2)
    }

    // MARK: - limit

    @Test func aLimitCountsOverBatches() throws {
        let transform = try Limit(Limit.spec.settings(from: ["rows": 3]))
        let batch = try Batch.of(columns, [["1", nil], ["2", nil]])
        let step = transform.open(batch.schema)
        #expect(try step.apply(batch).batch.rows.map { $0[0] } == ["1", "2"])
        let second = try step.apply(batch)
        #expect(second.batch.rows.map { $0[0] } == ["1"])
        #expect(second.filtered == 1)
        #expect(try step.apply(batch).filtered == 2)
        #expect(try transform.open(batch.schema).apply(batch).filtered == 0)
    }

    // MARK: - dedupe

    private func deduplicated(_ settings: ConfigurationNode, _ batches: [[[String?]]]) throws -> [[[String?]]] {
        let step = try Dedupe(Dedupe.spec.settings(from: settings)).open(try Schema(columns))
        return try batches.map { rows in
            let result = try step.apply(try Batch.of(columns, rows))
            #expect(result.batch.rowCount + result.filtered == rows.count)
            return result.batch.rows
        }
    }

    @Test func theFirstOfRowsWithTheSameValuesGoesOnOverAllBatches() throws {
        #expect(
            try deduplicated(
                ["columns": ["b"]],
                [[["1", "x"], ["2", "y"], ["3", "x"]], [["4", "y"], ["5", "z"], ["6", "X"]]]
            ) == [[["1", "x"], ["2", "y"]], [["5", "z"], ["6", "X"]]]
        )
    }

    @Test func nullAndEmptyTextAloneAreLikeNoOther() throws {
        let rows: [[String?]] = [["1", nil], ["2", nil], ["3", ""], ["4", ""], [nil, "x"], [nil, "x"]]
        #expect(try deduplicated(["columns": ["id", "b"]], [rows]) == [rows.dropLast()])
        let empty: [[String?]] = [[nil, nil], ["", nil], [nil, ""], ["1", nil], ["1", ""]]
        #expect(try deduplicated(["columns": ["id", "b"]], [empty]) == [empty.dropLast()])
        #expect(try deduplicated(["columns": ["b"]], [rows])[0].count == 5)
    }

    @Test func columnsAreComparedOneByOne() throws {
        let rows: [[String?]] = [["ab", "c"], ["a", "bc"], ["ab", "c"]]
        #expect(try deduplicated(["columns": ["id", "b"]], [rows]) == [[["ab", "c"], ["a", "bc"]]])
    }

    @Test func manyValuesAreAllRemembered() throws {
        let rows = (0..<50_000).map { ["\($0)", "\($0 % 20_000)"] }
        let kept = try deduplicated(["columns": ["b"]], [Array(rows[..<25_000]), Array(rows[25_000...])])
        #expect(kept.map(\.count) == [20_000, 0])
    }

    @Test func moreValuesThanAllowedEndTheRun() throws {
        let error = #expect(throws: RollcallError.self) {
            try deduplicated(
                ["columns": ["b"], "max_keys": 2],
                [[["1", "x"], ["2", "y"]], [["3", "x"], ["4", "z"]]]
            )
        }
        #expect(error?.description.contains("`max_keys` is 2, and there are more values") == true)
        #expect(error?.disposition == .fatal)
    }

    // MARK: - dedupe with all rows seen first

    private func kept(
        _ settings: ConfigurationNode,
        _ columns: [Schema.Column],
        _ batches: [[[String?]]]
    ) throws -> [String?] {
        let step = try Dedupe(Dedupe.spec.settings(from: settings)).open(try Schema(columns))
        let surveying = try #require(step as? any SurveyingStep)
        for rows in batches { try surveying.survey(try Batch.of(columns, rows)) }
        var ids: [[String?]] = []
        for _ in 0..<2 {
            try surveying.begin()
            // The rows come in one batch now.
            let rows = Array(batches.joined())
            let result = try step.apply(try Batch.of(columns, rows))
            #expect(result.batch.rowCount + result.filtered == rows.count)
            ids.append(result.batch.rows.map { $0[0] })
        }
        #expect(ids[0] == ids[1])
        return ids[0]
    }

    @Test func theLastOfRowsWithTheSameValuesGoesOn() throws {
        let batches: [[[String?]]] = [
            [["1", "x"], ["2", "y"], ["3", nil]], [["4", "x"], ["5", ""], ["6", "z"]],
        ]
        #expect(try kept(["columns": ["b"], "keep": "last"], columns, batches) == ["2", "3", "4", "5", "6"])
    }

    /// For each type values from the smallest to the largest.
    @Test(
        arguments: [
            (
                LogicalType.decimal,
                [
                    nil, "-1e3", "-12.5", "-12.49", "-0.001", "0", "0.0009", "1e-3", "0.01", "1", "9.99", "10", "1e2",
                    "100.5",
                    "123456789012345678901234567890.1", "123456789012345678901234567890.2", "1e300",
                ]
            ),
            (.integer, [nil, "-100", "-99", "-1", "0", "7", "10", "99999999999999999999", "100000000000000000000"]),
            (.boolean, [nil, "false", "true"]),
            (.date, [nil, "1999-12-31", "2000-01-01", "2026-01-31"]),
            (
                .timestamp,
                [
                    nil, "2026-01-31T08:00:00+02:00", "2026-01-31T07:30:00Z", "2026-01-31T07:30:00.25Z",
                    "2026-01-31T07:30:01Z",
                ]
            ),
            (.text, [nil, "", "A", "B", "a", "ab", "b", "ä", "🚀"]),
        ] as [(LogicalType, [String?])]
    )
    func theLargestValueOfItsTypeGoesOn(_ type: LogicalType, _ values: [String?]) throws {
        let columns: [Schema.Column] = [.init("id"), .init("b"), .init("v", type)]
        let settings: ConfigurationNode = ["columns": ["b"], "keep": "largest", "by": "v"]
        for (small, smaller) in values.enumerated() {
            for larger in values[(small + 1)...] {
                let rows: [[String?]] = [["1", "x", smaller], ["2", "x", larger]]
                #expect(try kept(settings, columns, [rows]) == ["2"], "\(smaller ?? "NULL") \(larger ?? "NULL")")
                #expect(try kept(settings, columns, rows.reversed().map { [$0] }) == ["2"])
            }
            #expect(try kept(settings, columns, [[["1", "x", smaller], ["2", "x", smaller]]]) == ["1"])
        }
    }

    @Test func numbersThatAreEqualAreTiesHoweverTheyAreWritten() throws {
        let columns: [Schema.Column] = [.init("id"), .init("b"), .init("v", .decimal)]
        let settings: ConfigurationNode = ["columns": ["b"], "keep": "largest", "by": "v"]
        for (one, other) in [
            ("10", "10.0"), ("1e2", "100"), ("-0", "0.00"), ("007", "7"), ("0.5", "5e-1"), ("NaN", "x"),
        ] {
            #expect(try kept(settings, columns, [[["1", "x", one], ["2", "x", other]]]) == ["1"], "\(one)")
            #expect(try kept(settings, columns, [[["1", "x", other], ["2", "x", one]]]) == ["1"], "\(one)")
        }
    }

    @Test func moreRowsThanWereSeenAreAnError() throws {
        let step = try Dedupe(Dedupe.spec.settings(from: ["columns": ["b"], "keep": "last"])).open(try Schema(columns))
        let surveying = try #require(step as? any SurveyingStep)
        try surveying.survey(try Batch.of(columns, [["1", "x"]]))
        try surveying.begin()
        let error = #expect(throws: RollcallError.self) {
            try step.apply(try Batch.of(columns, [["1", "x"], ["2", "y"]]))
        }
        #expect(error?.description.contains("more rows have come than when the source was read first") == true)
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Sample.self, ["share": 10, "key": ["id"]], nil).contains("must be a percentage"))
        #expect(fault(Sample.self, ["share": "10%", "key": ["idd"]], columns).contains("did you mean `id`?"))
        #expect(fault(Dedupe.self, ["columns": ["idd"]], columns).contains("did you mean `id`?"))
        #expect(fault(Dedupe.self, ["columns": []], columns).contains("at least one column"))
        #expect(fault(Dedupe.self, ["columns": ["b"], "keep": "largest"], nil).contains("add `by: column`"))
        #expect(fault(Dedupe.self, ["columns": ["b"], "by": "id"], nil).contains("has no use without `keep: largest`"))
        let largest: ConfigurationNode = ["columns": ["b"], "keep": "largest", "by": "idd"]
        #expect(fault(Dedupe.self, largest, columns).contains("did you mean `id`?"))
        let json: ConfigurationNode = ["columns": ["b"], "keep": "largest", "by": "j"]
        #expect(fault(Dedupe.self, json, columns + [.init("j", .json)]).contains("JSON and has no order"))
        #expect(fault(Limit.self, ["rows": -1], columns).contains("must be from 0"))
    }
}
