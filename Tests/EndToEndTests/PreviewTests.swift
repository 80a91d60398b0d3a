import Foundation
import PostgresClient
import Testing

@Suite struct PreviewTests {
    @Test func previewShowsRowsAndSendsNothing() async throws {
        try await Workbench.with(leads: 30) { bench in
            let file = try bench.pipeline()
            let table = try await bench.program.run(["preview", "-n", "3", file])
            #expect(table.status == 0)
            let shown = table.standardOutput.split(separator: "\n")
            #expect(shown.count == 10, "\(table.standardOutput)")
            #expect(shown[1].contains("first_name") && shown[6].contains("FullName"))
            let lines = try await bench.program.run(["preview", "--json", "-n", "3", file]).standardOutput
            for line in lines.split(separator: "\n") {
                #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
            }
            let csv = try await bench.program.run(["preview", "--format", "csv", "-n", "1", file]).standardOutput
            #expect(csv.hasPrefix("LeadId,FullName,Company,Phone,Email,ZipCode,Country,Score\r\n"), "\(csv)")
            #expect(table.standardError.contains("shown 3; more rows follow, which were not read; nothing"))
            let all = try await bench.program.run(["preview", "-n", "100", file])
            #expect(all.standardError.contains("read 30,") && !all.standardError.contains("more rows follow"))
            #expect(try await bench.statistic("tokens_issued") == 0)
        }
    }

    /// Also what no list would take, as far as that is known without asking.
    @Test func previewShowsWhatTheSinkRefuses() async throws {
        try await Workbench.with(leads: 3) { bench in
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = repeat('x', 600) WHERE id = 2")
            let file = try bench.pipeline(replacing: Workbench.everyone)
            let table = try await bench.program.run(["preview", "--only", "invalid", file])
            #expect(table.standardOutput.contains("value_too_long"), "\(table.standardOutput)")
            #expect(table.standardError.contains("read 3, filtered 0, invalid 1, shown 1"), "\(table.standardError)")
            let passing = try await bench.program.run(["preview", "--json", file]).standardOutput
            #expect(passing.split(separator: "\n").count == 2, "\(passing)")
            #expect(try await bench.statistic("tokens_issued") == 0)
        }
    }

    @Test func previewShowsRefusedRowsAsTheyWereReadWithTheReason() async throws {
        try await Workbench.with(leads: 30) { bench in
            let overflow = "abs(CASE id WHEN 7 THEN -9223372036854775807 - 1 ELSE id END)"
            let file = try bench.pipeline(
                replacing: Workbench.everyone.merging(["Score: score": "Score: big"]) { $1 }
                    .merging(["      full_name:": "      big: \(overflow)\n      full_name:"]) { $1 }
            )
            let table = try await bench.program.run(["preview", "--only", "invalid", file])
            #expect(table.status == 0, "\(table.standardError)")
            let lines = table.standardOutput.split(separator: "\n")
            #expect(lines.count == 2, "\(table.standardOutput)")
            #expect(lines[1].contains("7    expression_failed  integer overflow"), "\(table.standardOutput)")
            let json = try await bench.program.run(["preview", "--only", "invalid", "--json", file]).standardOutput
            let row = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            #expect(row["key"] as? String == "7")
            #expect((row["row"] as? [String: Any])?["id"] as? String == "7")
        }
    }
}
