import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct RequireTests {
    private let columns: [Schema.Column] = [.init("id", .integer), .init("phone"), .init("status")]

    private func faults(_ settings: ConfigurationNode, _ rows: [[String?]]) throws -> [RowFault] {
        try transformed(Require.self, settings, columns, rows).invalid
    }

    @Test func aRowWithoutAValueIsInvalid() throws {
        let rows = [
            ["1", "+30", nil], ["2", nil, nil], ["3", "", nil], ["4", " \t\u{A0}\u{3000}", nil], ["5", "\u{A0}x", nil],
        ]
        let result = try transformed(Require.self, ["columns": ["phone"]], columns, rows)
        #expect(result.batch.rows.map { $0[0] } == ["1", "5"])
        #expect(
            result.invalid
                == [1, 2, 3].map { RowFault(row: $0, code: "value_missing", reason: "\"phone\" has no value") }
        )
    }

    @Test func onlyListedValuesPassAndNullWhereTheListHasIt() throws {
        let rows = [["1", nil, "new"], ["2", nil, "New"], ["3", nil, nil]]
        let refused = RowFault(row: 1, code: "value_not_allowed", reason: "\"status\" has a value that is not allowed")
        #expect(try faults(["values": ["status": ["new", "open", "null"]]], rows) == [refused])
        #expect(try faults(["values": ["status": ["new", "open"]]], rows).map(\.row) == [1, 2])
    }

    @Test func aConditionHasACodeAndAReasonOfItsOwn() throws {
        let settings: ConfigurationNode = [
            "where": "id > 1 AND phone <> ''", "code": "no_way", "reason": "cannot be called",
        ]
        let result = try transformed(
            Require.self,
            settings,
            columns,
            [["1", "x", nil], ["2", "x", nil], ["3", nil, nil]]
        )
        #expect(result.batch.rows.map { $0[0] } == ["2"])
        #expect(
            result.invalid == [0, 2].map { RowFault(row: $0, code: "no_way", reason: "cannot be called") }
        )
        #expect(result.filtered == 0)
    }

    @Test func everyRowIsRefusedForItsFirstReasonOnly() throws {
        let settings: ConfigurationNode = [
            "columns": ["phone"], "values": ["status": ["new"]], "where": "abs(id) > 1",
        ]
        let rows: [[String?]] = [
            ["1", nil, "x"], ["1", "p", "x"], ["1", "p", "new"], ["2", "p", "new"],
            ["-9223372036854775808", "p", "new"],
        ]
        let faults = try faults(settings, rows)
        #expect(Set(faults.map(\.row)) == [0, 1, 2, 4])
        #expect(faults.count == 4)
        let codes = Dictionary(uniqueKeysWithValues: faults.map { ($0.row, $0.code) })
        #expect(
            codes == [0: "value_missing", 1: "value_not_allowed", 2: "condition_not_met", 4: "expression_failed"]
        )
    }

    @Test func rowsAreNamedByTheirPlaceInTheSource() throws {
        let batch = try Batch.of(columns, [["1", "x", nil], ["2", nil, nil], ["3", "y", nil]]).keeping([1, 2])
        let step = try Require(Require.spec.settings(from: ["columns": ["phone"], "where": "id < 3"])).open(
            batch.schema
        )
        #expect(Set(try step.apply(batch).invalid.map(\.row)) == [1, 2])
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Require.self, [:], columns).contains("nothing is required"))
        #expect(fault(Require.self, ["columns": ["phne"]], columns).contains("did you mean `phone`?"))
        #expect(fault(Require.self, ["values": ["statsu": ["x"]]], columns).contains("did you mean `status`?"))
        #expect(fault(Require.self, ["where": "statsu = 1"], columns).contains("did you mean `status`?"))
        #expect(fault(Require.self, ["where": "x =", "code": "a"], nil).contains("it is not complete"))
        #expect(fault(Require.self, ["where": "1", "code": "Not So"], nil).contains("must be 1 to 64 small letters"))
        #expect(fault(Require.self, ["columns": ["id", "id"]], columns).contains("names \"id\" twice"))
        #expect(
            fault(Require.self, ["columns": ["id"], "code": "a"], columns).contains("`code` has no use without `where`")
        )
        #expect(
            fault(Require.self, ["columns": ["id"], "reason": "a"], columns).contains("`reason` has no use without")
        )
        let boolean = [Schema.Column("opted_out", .boolean)]
        #expect(fault(Require.self, ["values": ["opted_out": ["no"]]], boolean).contains("`true` and `false`"))
        #expect(fault(Require.self, ["values": ["opted_out": ["false"]]], boolean) == "")
        let none = ConfigurationNode.sequence([], SourceLocation(file: "t", line: 1))
        #expect(
            fault(Require.self, ["values": ["status": none]], columns).contains("at least one value of each column")
        )
    }
}
