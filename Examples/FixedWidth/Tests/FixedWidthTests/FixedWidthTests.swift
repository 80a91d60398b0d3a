import FixedWidth
import RollcallCore
import RollcallTestSupport
import Testing

@Suite struct FixedWidthTests {
    private func sample(_ folder: TestFolder) throws -> SourceSample {
        let lines = [
            "0001Ada Lovelace  10558", "0002              11742", "", "0003Γιώργος e\u{301}         ", "0004Grace Hopp",
            "0005\"O'Neill\"\\        1\r",
            "0006Alan          99999, and more",
        ]
        let path = try folder.write(Array(lines.joined(separator: "\n").utf8), to: "leads.txt")
        var sample = SourceSample(
            FixedWidthSource.self,
            [
                "path": .init(stringLiteral: path), "columns": ["id": "1-4", "zip": "19-23", "name": "5-18"],
                "key": ["id"],
            ],
            columns: [.init("id"), .init("zip"), .init("name")],
            rows: [
                ["0001", "10558", "Ada Lovelace"], ["0002", "11742", nil], ["0003", nil, "Γιώργος e\u{301}"],
                ["0005", "1", "\"O'Neill\"\\"], ["0006", "99999", "Alan"],
            ]
        )
        sample.unreadable = ["short_line"]
        sample.secrets = ["Grace Hopp", "0004"]
        return sample
    }

    @Test func theSourceKeepsTheContract() async throws {
        let folder = try TestFolder()
        await expectConformance(of: try sample(folder))
    }

    @Test func theStepKeepsTheContract() {
        expectConformance(
            of: TransformSample(
                Pad.self,
                ["column": "zip", "length": 5],
                columns: [.init("id", .integer), .init("zip"), .init("name")],
                rows: [["1", "1234", "Ada"], ["2", "12345", nil], ["3", "1234567", ""], ["4", nil, "Γιώργος"]]
            )
        )
    }

    @Test func valuesAreFilledUpFromTheFront() throws {
        let batch = try Batch.of([.init("zip", .integer)], [["1234"], [nil], ["123456"], [""]])
        let pad = try Pad(Pad.spec.settings(from: ["column": "zip", "length": 5]))
        let result = try pad.open(batch.schema).apply(batch)
        #expect(result.batch.rows == [["01234"], [nil], ["00000"]])
        #expect(result.invalid.map(\.code) == ["value_too_long"])
    }

    @Test func aFileThatWasWrittenAnewIsReadFromTheBeginning() async throws {
        let folder = try TestFolder()
        let source = try source(folder, "0001Ada\n0002Eve\n")
        let (begun, position) = try await source.begin(batches: 1, of: 1)
        #expect(begun.rows == [["0001", "Ada"]])
        try folder.write(Array("0003Bob\n".utf8), to: "leads.txt")
        #expect(try await source.open(after: position).reservations.count == 1)
        #expect(try await source.read(after: position).rows == [["0003", "Bob"]])
    }

    @Test func mistakesInTheSettingsAreToldAtOnce() throws {
        let folder = try TestFolder()
        for (columns, words) in [("9", "two places such as `9-38`"), ("5-4", "two places"), ("0-4", "two places")] {
            let error = #expect(throws: RollcallError.self) {
                try source(folder, "", ["id": "1-4", "name": .init(stringLiteral: columns)])
            }
            #expect(error?.description.contains(words) == true)
        }
    }

    private func source(
        _ folder: TestFolder,
        _ text: String,
        _ columns: ConfigurationNode = ["id": "1-4", "name": "5-7"]
    ) throws -> FixedWidthSource {
        let path = try folder.write(Array(text.utf8), to: "leads.txt")
        return try FixedWidthSource(
            FixedWidthSource.spec.settings(from: [
                "path": .init(stringLiteral: path), "columns": columns, "key": ["id"],
            ])
        )
    }
}
