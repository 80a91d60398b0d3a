import CSVSource
import RollcallCore
import RollcallTestSupport
import Testing

/// The source keeps what `Source` and `SourceReader` promise.
@Suite struct ConformanceTests {
    private static let first = """
        id,name,score
        1,"Ada ""Countess"", Lovelace",7.5
        2,,0
        3,"a line
        break, and another
        ",-1.25
        five,Grace Hopper,1
        4,Γιώργος 👩‍👩‍👧,
        6,Grace Hopper,many
        7,Grace Hopper
        \u{20}
        "8"x,Grace Hopper,"1
        9,9,9"
        """
    private static let second = "score,id,name\r\n1e3,10,NULL\r\n,11,'\r\n# no row\r\n,12,e\u{301}"

    private func sample(_ folder: TestFolder) throws -> SourceSample {
        try folder.write(Array(Self.first.utf8), to: "1.csv")
        try folder.write(Array(Self.second.utf8), to: "2.csv")
        var sample = SourceSample(
            CSVSource.self,
            [
                "path": .init(stringLiteral: "\(folder.path)/*.csv"), "key": ["id"], "null_values": ["NULL"],
                "comment": "#",
                "columns": ["id": "integer", "name": "text", "score": "decimal"],
            ],
            columns: [.init("id", .integer), .init("name"), .init("score", .decimal)],
            rows: [
                ["1", "Ada \"Countess\", Lovelace", "7.5"], ["2", "", "0"],
                ["3", "a line\nbreak, and another\n", "-1.25"],
                ["4", "Γιώργος 👩‍👩‍👧", nil], ["10", nil, "1e3"], ["11", "'", nil], ["12", "e\u{301}", nil],
            ]
        )
        sample.unreadable = [
            "wrong_type", "wrong_type", "other_columns", "other_columns", "text_behind_quote", "text_behind_quote",
        ]
        sample.secrets = ["Grace Hopper", "five", "many"]
        return sample
    }

    @Test func filesAreReadAsTheContractSays() async throws {
        let folder = try TestFolder()
        await expectConformance(of: try sample(folder))
    }

    @Test func packedFilesAreReadAsTheContractSays() async throws {
        let folder = try TestFolder()
        let sample = try sample(folder)
        for name in ["1.csv", "2.csv"] {
            let packed = try output(of: "gzip", ["-c", "\(folder.path)/\(name)"])
            try folder.write(packed, to: "\(name).gz")
        }
        await expectConformance(of: sample.with(["path": .init(stringLiteral: "\(folder.path)/*.csv.gz")]))
    }
}
