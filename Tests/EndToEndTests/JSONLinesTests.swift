import Foundation
import Testing

/// Runs whose rows go to a file or to standard output.
@Suite struct JSONLinesTests {
    private func pipeline(_ program: Program, path: String) throws -> String {
        _ = try program.write("id,phone\n1,+30211\n2,+30212\n", to: "deep/leads.csv")
        return try program.write(
            """
            name: lines
            source: { type: csv, path: leads.csv, key: [id] }
            sink: { type: json_lines, path: "\(path)" }

            """,
            to: "deep/lines.yaml"
        )
    }

    @Test func standardOutputHasTheRowsAndNothingElse() async throws {
        try await Workbench.with(leads: 1) { bench in
            let run = try await bench.program.run(["run", try pipeline(bench.program, path: "-")])
            let rows = [#"{"id":"1","phone":"+30211"}"#, #"{"id":"2","phone":"+30212"}"#]
            #expect(run.standardOutput == rows.map { "\($0)\n" }.joined())
            #expect(run.standardError.contains("lines: done"), "\(run.standardError)")
        }
    }

    @Test func aFileIsMeantFromTheFolderOfThePipelineFile() async throws {
        try await Workbench.with(leads: 1) { bench in
            let run = try await bench.program.run(["run", try pipeline(bench.program, path: "rows.jsonl")])
            #expect(run.standardOutput.contains("lines: done"), "\(run.standardOutput)")
            let rows = bench.program.folder.appending(path: "deep/rows.jsonl")
            #expect(try String(contentsOf: rows, encoding: .utf8).split(separator: "\n").count == 2)
        }
    }
}
