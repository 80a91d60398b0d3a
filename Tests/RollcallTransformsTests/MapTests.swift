import Foundation
import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct MapTests {
    private let values: ConfigurationNode = ["N": "new", "O": "open", "X": "null", "": "blank"]

    @Test func valuesAreReplacedByThoseOfTheTable() throws {
        let settings: ConfigurationNode = ["columns": ["a"], "values": values]
        #expect(
            try rewritten(Map.self, settings, ["N", "O", "n", "X", "", nil, "NO"])
                == ["new", "open", "n", nil, "blank", nil, "NO"]
        )
    }

    @Test(arguments: [
        ("keep", "?"), ("null", nil), ("reject", "refused"),
    ])
    func whatIsNotInTheTableStaysOrBecomesNullOrIsRefused(_ word: String, _ expected: String?) throws {
        let place = SourceLocation(file: "t", line: 1)
        let settings: ConfigurationNode = [
            "columns": ["a"], "values": values, "on_missing": .scalar(word, isQuoted: false, place),
        ]
        let result = try transformed(Map.self, settings, [.init("a")], [["?"]])
        if expected == "refused" {
            let reason = "\"a\" has a value that is not in the table"
            #expect(result.invalid == [RowFault(row: 0, code: "value_not_mapped", reason: reason)])
        } else {
            #expect(result.batch.rows == [[expected]])
        }
    }

    @Test func whatIsNotInTheTableCanHaveADefault() throws {
        let settings: ConfigurationNode = [
            "columns": ["a"], "values": values, "on_missing": "default", "default": "other",
        ]
        #expect(try rewritten(Map.self, settings, ["?", "N", nil]) == ["other", "new", nil])
    }

    @Test func aTableOfManyValuesFindsEachOfThem() throws {
        let place = SourceLocation(file: "t", line: 1)
        let entries = (0..<3_000).map { number in
            ConfigurationNode.Entry(
                key: "k\(number)",
                location: place,
                value: .scalar("v\(number)", isQuoted: false, place)
            )
        }
        let settings: ConfigurationNode = ["columns": ["a"], "values": .mapping(entries, place), "on_missing": "null"]
        let found = try rewritten(Map.self, settings, (0..<3_001).map { "k\($0)" })
        #expect(found == (0..<3_000).map { "v\($0)" } + [nil])
    }

    // MARK: - Files

    private func withFile<Result>(_ text: String, _ body: (ConfigurationNode) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-map-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("table.csv"))
        let place = SourceLocation(file: folder.appendingPathComponent("pipeline.yaml").path, line: 3)
        func scalar(_ text: String) -> ConfigurationNode { .scalar(text, isQuoted: false, place) }
        return try body(
            .mapping(
                [("columns", .sequence([scalar("a")], place)), ("file", scalar("table.csv"))].map {
                    ConfigurationNode.Entry(key: $0.0, location: place, value: $0.1)
                },
                place
            )
        )
    }

    @Test func theTableCanBeAFileBesideThePipeline() throws {
        let text = "\u{FEFF}code,name\r\nN,new\r\n\r\n\"O,\"\"1\"\"\",\"open\nwide\"\nE,\n"
        let found = try withFile(text) { try rewritten(Map.self, $0, ["N", "O,\"1\"", "E", "code", "x"]) }
        #expect(found == ["new", "open\nwide", "", "code", "x"])
    }

    @Test func lettersThatAreComposedInDifferentWaysAreDifferentValues() throws {
        let text = "old,new\n\u{E9},1\ne\u{301},2\n"
        #expect(try withFile(text) { try rewritten(Map.self, $0, ["e\u{301}", "\u{E9}"]) } == ["2", "1"])
    }

    @Test(arguments: [
        ("", "table.csv:1: transform map: the file is empty"),
        ("a,b\nx\n", "table.csv:2: transform map: must have two columns, got 1"),
        ("a,b\nx,y\n\nx,z\n", "table.csv:4: transform map: has the value of line 2 once more"),
        ("a,b\n\"x,y\nz\n", "table.csv:2: transform map: has a quote without an end"),
        ("a,b\n\"x\"y,z\n", "table.csv:2: transform map: has text behind the quote"),
    ])
    func aFileThatIsNoTableIsRefusedWithItsLine(_ text: String, _ message: String) throws {
        let told = try withFile(text) { fault(Map.self, $0, nil) }
        #expect(told.contains(message), "\(told)")
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Map.self, ["columns": ["a"]], nil).contains("neither `values` nor `file` is given"))
        #expect(fault(Map.self, ["columns": ["a"], "file": "none.csv"], nil).contains("none.csv: no such file"))
        let answers: ConfigurationNode = ["yes": "Y", "no": "N"]
        let told = fault(Map.self, ["columns": ["a"], "values": answers], [.init("a", .boolean)])
        #expect(told.contains("has no value that \"a\" could have: it is boolean"), "\(told)")
        #expect(fault(Map.self, ["columns": ["a"], "values": answers], [.init("a", .integer)]).contains("are numbers"))
        let none = ConfigurationNode.mapping([], SourceLocation(file: "t", line: 1))
        #expect(fault(Map.self, ["columns": ["a"], "values": none], nil).contains("must have at least one value"))
        #expect(
            fault(Map.self, ["columns": ["a"], "file": "x", "values": values], nil).contains("cannot stand beside")
        )
        #expect(
            fault(Map.self, ["columns": ["a"], "values": values, "default": "x"], nil).contains(
                "`default` has no use without `on_missing: default`"
            )
        )
        #expect(
            fault(Map.self, ["columns": ["a"], "values": values, "on_missing": "default"], nil).contains(
                "add `default`"
            )
        )
    }
}
