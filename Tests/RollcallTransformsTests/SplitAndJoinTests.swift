import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct SplitAndJoinTests {
    private let columns: [Schema.Column] = [.init("id", .integer), .init("name")]

    private func split(_ more: [(String, ConfigurationNode)], _ value: String?) throws -> Transformed {
        let place = SourceLocation(file: "t", line: 1)
        let given: [(String, ConfigurationNode)] = [
            ("column", "name"), ("separator", ", "), ("into", ["last", "first", "title"]),
        ]
        let entries = (given + more).map { ConfigurationNode.Entry(key: $0.0, location: place, value: $0.1) }
        return try transformed(Split.self, .mapping(entries, place), columns, [["1", value]])
    }

    @Test(arguments: [
        ("Doe, Ada, Dr", ["Doe", "Ada", "Dr"]), ("Doe, Ada", ["Doe", "Ada", nil]), ("Doe", ["Doe", nil, nil]),
        ("", ["", nil, nil]), (", , ", ["", "", ""]), ("a, b, c, d", ["a", "b", "c, d"]),
        ("ä, ö,ü, ß", ["ä", "ö,ü", "ß"]),
        ("Doe, ", ["Doe", "", nil]),
    ])
    func aValueIsCutAtEachSeparator(_ value: String, _ parts: [String?]) throws {
        #expect(try split([], value).batch.rows == [["1", value] + parts])
    }

    @Test func nullHasNoParts() throws {
        #expect(try split([("on_too_few", "reject")], nil).batch.rows == [["1", nil, nil, nil, nil]])
    }

    @Test func tooFewOrTooManyPartsCanBeRefusedOrDropped() throws {
        let few = try split([("on_too_few", "reject")], "a, b")
        #expect(
            few.invalid
                == [RowFault(row: 0, code: "too_few_parts", reason: "\"name\" has 2 parts, and 3 are needed")]
        )
        let many = try split([("on_too_many", "reject")], "a, b, c, d")
        #expect(
            many.invalid
                == [RowFault(row: 0, code: "too_many_parts", reason: "\"name\" has 4 parts, and 3 are expected")]
        )
        #expect(try split([("on_too_many", "drop")], "a, b, c, d").batch.rows == [["1", "a, b, c, d", "a", "b", "c"]])
    }

    @Test func partsReplaceColumnsThatExist() throws {
        let result = try transformed(
            Split.self,
            ["column": "name", "separator": "-", "into": ["id", "name"]],
            columns,
            [["1", "a-b"], ["2", nil]]
        )
        #expect(result.batch.rows == [["a", "b"], [nil, nil]])
        #expect(result.batch.schema.columns == [.init("id"), .init("name")])
    }

    @Test func valuesArePutTogetherWithoutNullAndEmptyOnes() throws {
        let result = try transformed(
            Join.self,
            ["columns": ["a", "b", "c"], "separator": ", ", "into": "whole"],
            [.init("a"), .init("b", .integer), .init("c")],
            [["x", "1", "z"], ["x", nil, "z"], ["", "1", ""], [nil, nil, ""], ["x", nil, nil]]
        )
        #expect(result.batch.rows.map { $0[3] } == ["x, 1, z", "x, z", "1", nil, "x"])
        #expect(result.batch.schema.columns.last == .init("whole"))
    }

    @Test func theWholeCanTakeThePlaceOfAPartAndHaveNoSeparator() throws {
        let result = try transformed(
            Join.self,
            ["columns": ["a", "b"], "separator": .scalar("", isQuoted: true, .init(file: "t", line: 1)), "into": "a"],
            [.init("a", .integer), .init("b")],
            [["1", "2"]]
        )
        #expect(result.batch.rows == [["12", "2"]])
        #expect(result.batch.schema.columns == [.init("a"), .init("b")])
    }

    @Test func settingsThatCannotBeAreRefused() {
        let splitting: ConfigurationNode = ["column": "nme", "separator": ",", "into": ["a", "b"]]
        #expect(fault(Split.self, splitting, columns).contains("did you mean `name`?"))
        #expect(
            fault(Split.self, ["column": "name", "separator": ",", "into": ["a", "a"]], nil).contains(
                "two columns are called \"a\""
            )
        )
        #expect(fault(Split.self, ["column": "name", "separator": ",", "into": ["a"]], nil).contains("at least two"))
        #expect(fault(Join.self, ["columns": ["name", "idd"], "into": "x"], columns).contains("did you mean `id`?"))
        #expect(fault(Join.self, ["columns": ["name"], "into": "x"], columns).contains("at least two columns"))
        #expect(fault(Join.self, ["columns": ["id", "id"], "into": "x"], columns).contains("names \"id\" twice"))
        let unnamed = ConfigurationNode.scalar("", isQuoted: true, .init(file: "t", line: 1))
        #expect(fault(Join.self, ["columns": ["id", "name"], "into": unnamed], columns).contains("has no name"))
    }
}
