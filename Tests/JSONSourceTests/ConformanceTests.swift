import JSONSource
import RollcallCore
import RollcallTestSupport
import Testing

/// The source keeps what `Source` and `SourceReader` promise.
@Suite struct ConformanceTests {
    private static let records = [
        #"{"id":1,"name":"Ada \"Countess\" Lovelace","score":7.5}"#, #"{"score":"0","name":"","id":"2"}"#,
        #"{"id":3,"name":"a line\nbreak","tags":[1,{"a":"}"}]}"#, #"{"id":"five","name":"Grace Hopper"}"#,
        #"{"id":4,"name":"\u0393iώργος 👩‍👩‍👧","score":null,"other":{}}"#, #"{"id":6,"name":"Grace Hopper","score":"many"}"#,
        #"["Grace Hopper"]"#, #"{"id":7,"name":null,"tags":null}"#, #"{"id":-0,"score":1E3}"#,
    ]
    private static let rows: [[String?]] = [
        ["1", "Ada \"Countess\" Lovelace", "7.5", nil], ["2", "", "0", nil],
        ["3", "a line\nbreak", nil, #"[1,{"a":"}"}]"#],
        ["4", "Γiώργος 👩‍👩‍👧", nil, nil], ["7", nil, nil, nil], ["0", nil, "1E3", nil],
    ]

    private func sample(_ folder: TestFolder, _ more: [String: ConfigurationNode] = [:]) -> SourceSample {
        var sample = SourceSample(
            JSONSource.self,
            [
                "path": .init(stringLiteral: "\(folder.path)/*.json"), "key": ["id"],
                "columns": ["id": "integer", "name": "text", "score": "decimal", "tags": "json"],
            ],
            columns: [.init("id", .integer), .init("name"), .init("score", .decimal), .init("tags", .json)],
            rows: Self.rows
        )
        sample.unreadable = ["wrong_type", "wrong_type", "no_object"]
        sample.secrets = ["Grace Hopper", "five", "many"]
        return sample.with(more)
    }

    @Test func linesAreReadAsTheContractSays() async throws {
        let folder = try TestFolder()
        // One is cut off, and the others go on.
        let lines = Self.records.prefix(2) + [#"{"id":9,"name":"Grace Hopper"#] + Self.records.dropFirst(2)
        try folder.write(Array(lines.prefix(5).joined(separator: "\n").utf8), to: "1.json")
        try folder.write(Array(lines.dropFirst(5).joined(separator: "\r\n\n").utf8), to: "2.json")
        var sample = sample(folder)
        sample.unreadable.insert("cut_off", at: 0)
        await expectConformance(of: sample)
    }

    @Test func anArrayWithinADocumentIsReadAsTheContractSays() async throws {
        let folder = try TestFolder()
        let text = #"{"page":{"next":"x","items":["# + Self.records.joined(separator: " ,\n") + #"]},"behind":[]}"#
        try folder.write(Array(text.utf8), to: "1.json")
        await expectConformance(of: sample(folder, ["records_at": "/page/items"]))
    }
}
