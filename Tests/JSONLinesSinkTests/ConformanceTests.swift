import Foundation
import JSONLinesSink
import RollcallCore
import RollcallTestSupport
import Testing

/// The sink keeps what `Sink` and `SinkWriter` promise.
@Suite struct ConformanceTests {
    @Test func rowsAreWrittenAsTheContractSays() async throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/rows.jsonl"
        var sample = SinkSample(
            JSONLinesSink.self,
            ["path": .init(stringLiteral: path)],
            columns: [.init("id", .integer), .init("full \"name\""), .init("note")],
            rows: [
                ["1", "Ada \"Countess\" Lovelace", "a\nb"], ["2", nil, ""], ["3", "Γιώργος 👩‍👩‍👧", "\u{1}\\"],
                ["4", "", nil],
                [nil, "\u{2028}", "</script>"],
            ]
        )
        // Each line is read by a parser that is not the project's own; a file that is emptied between two checks has none.
        sample.contents = { try Self.lines(path, ["id", "full \"name\"", "note"]) }
        await expectConformance(of: sample)
    }

    private static func lines(_ path: String, _ names: [String]) throws -> [[String?]] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return names.map { object?[$0] as? String }
        }
    }
}
