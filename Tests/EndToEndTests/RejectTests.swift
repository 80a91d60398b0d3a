import Foundation
import PostgresClient
import Testing

/// Rows that did not reach the list: kept, tried again, closed; and never shown.
@Suite struct RejectTests {
    private static func poison(_ id: Int) -> String {
        #"{"poisons":[{"column":"LeadId","value":"\#(id)","code":"invalid.contact.columns"}]}"#
    }

    @Test func aRefusedRowIsTriedAgainByTheNextRunsAndClosedOnceItArrives() async throws {
        try await Workbench.with(leads: 20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            try await bench.setBehaviour(Self.poison(7))
            #expect(try await bench.run(file)["rejected"] == 1)
            // By the cursor it would not be read again; it is, as it is now, and refused again.
            #expect(try await bench.run(file)["rejected"] == 1)
            let list = try await bench.program.run(["rejects", "list", "crm-leads", "--json"])
            #expect(list.standardOutput.contains(#""attempts" : 2"#), "\(list.standardOutput)")
            try await bench.crm.execute(script: "UPDATE crm.leads SET phone = '+3021' WHERE id = 7")
            try await bench.setBehaviour("{}")
            let balance = try await bench.run(file)
            #expect(balance["delivered"] == 1)
            #expect(try await bench.values(of: "Phone")["7"] == "+3021")
            #expect(try await bench.program.run(["rejects", "list", "crm-leads"]).standardOutput == "no rejects\n")
        }
    }

    @Test func aRowIsNotTriedForEverUnlessItChanges() async throws {
        try await Workbench.with(leads: 20) { bench in
            let withoutCursor = Workbench.everyone.merging(["  cursor: updated_at\n": ""]) { $1 }
            let file = try bench.pipeline(replacing: withoutCursor, top: ["max_attempts: 2"])
            try await bench.setBehaviour(Self.poison(7))
            for _ in 0..<2 { _ = try await bench.run(file) }
            let posts = try await bench.statistic("contact_posts")
            let balance = try await bench.run(file)
            #expect(balance["rejected"] == 1)
            #expect(balance["unchanged"] == 19)
            #expect(try await bench.statistic("contact_posts") == posts)
            let list = try await bench.program.run(["rejects", "list", "crm-leads"])
            #expect(list.standardOutput.contains(", given up  "), "\(list.standardOutput)")
            #expect(list.standardError.contains("given up: 1 row refused as often as"), "\(list.standardError)")
            let json = try await bench.program.run(["rejects", "list", "--json", "crm-leads"]).standardOutput
            #expect(json.contains(#""given_up" : true"#), "\(json)")
            let shown = try await bench.program.run(["rejects", "show", "crm-leads", "7"]).standardOutput
            #expect(shown.contains("given up: tried again once it has changed"), "\(shown)")
            try await bench.crm.execute(script: "UPDATE crm.leads SET phone = '+3021' WHERE id = 7")
            try await bench.setBehaviour("{}")
            #expect(try await bench.run(file)["delivered"] == 1)
        }
    }

    @Test func anOlderRowThatIsTriedAgainDoesNotOverwriteALaterOneWithItsKey() async throws {
        try await Workbench.with(leads: 20) { bench in
            try await bench.crm.execute(
                script: """
                    ALTER TABLE crm.leads ADD lead text;
                    UPDATE crm.leads SET lead = id::text, updated_at = now() - interval '1 hour' + id * interval '1 second';
                    UPDATE crm.leads SET lead = '100', phone = 'older', company = repeat('x', 600) WHERE id = 7;
                    """
            )
            let file = try bench.pipeline(replacing: Workbench.everyone.merging(["LeadId: id": "LeadId: lead"]) { $1 })
            #expect(try await bench.run(file)["invalid"] == 1)
            try await bench.crm.execute(
                script: """
                    UPDATE crm.leads SET lead = '100', phone = 'later', updated_at = now() WHERE id = 8;
                    UPDATE crm.leads SET company = 'x' WHERE id = 7;
                    """
            )
            let balance = try await bench.run(file)
            #expect(balance["delivered"] == 1)
            #expect(balance["duplicate"] == 1)
            #expect(try await bench.values(of: "Phone")["100"] == "later")
            let rejects = try await bench.program.run(["rejects", "list", "crm-leads"]).standardOutput
            #expect(rejects == "no rejects\n")
        }
    }

    @Test func aRejectWhoseRowIsGoneIsClosed() async throws {
        try await Workbench.with(leads: 20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            try await bench.setBehaviour(Self.poison(7))
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id = 7")
            _ = try await bench.run(file)
            #expect(try await bench.program.run(["rejects", "list", "crm-leads"]).standardOutput == "no rejects\n")
        }
    }

    @Test(arguments: ["2", "10%"]) func moreRejectsThanAllowedEndTheRunWithExit3(_ limit: String) async throws {
        try await Workbench.with(leads: 20) { bench in
            let poisons = (1...3).map { #"{"column":"LeadId","value":"\#($0)","code":"invalid.contact.id"}"# }
            try await bench.setBehaviour(#"{"poisons":[\#(poisons.joined(separator: ","))]}"#)
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["max_rejects: \(limit)"])
            let output = try await bench.program.run(["run", file])
            #expect(output.status == 3)
            #expect(output.standardError.contains("3 of 20 rows did not reach the list"), "\(output.standardError)")
            #expect(try await bench.contacts().count == 17)
            try await bench.setBehaviour("{}")
            _ = try await bench.run(file)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    /// A name and a number are put into rows that arrive, that Rollcall refuses and that Genesys refuses.
    @Test(arguments: [true, false]) func nothingOfAPersonIsInLogsOutputOrState(_ hasKey: Bool) async throws {
        try await Workbench.with(leads: 20) { bench in
            let canaries = ["Kanarienvogel", "+4915550100"]
            try await bench.crm.execute(
                script: """
                    UPDATE crm.leads SET last_name = 'Kanarienvogel', phone = '+4915550100' WHERE id IN (5, 7, 9);
                    UPDATE crm.leads SET company = repeat('Kanarienvogel ', 99) WHERE id = 9;
                    """
            )
            try await bench.setBehaviour(Self.poison(7))
            var program = bench.program
            if hasKey { program.environment["ROLLCALL_PAYLOAD_KEY"] = "a key that only this test knows" }
            let file = try bench.pipeline(
                replacing: Workbench.everyone,
                top: hasKey ? [] : ["keep_payload: false"]
            )
            var seen = ""
            for arguments in [
                ["validate", "--online", file], ["run", file], ["run", "--json", "--sweep", file], ["runs"],
                ["runs", "--json"], ["status", "--json"], ["rejects", "list", "crm-leads"],
                ["rejects", "list", "crm-leads", "--json"], ["checkpoint", "show", "crm-leads"],
            ] {
                let output = try await program.run(arguments)
                seen += output.standardOutput + output.standardError
            }
            #expect(seen.contains("value_too_long"))
            seen += try await bench.dumpOfState()
            #expect(seen.contains("rollcall.ledger"))
            for canary in canaries {
                #expect(!seen.contains(canary))
                // As bytea prints it, too.
                let digits = canary.utf8.map { String($0, radix: 16) }.joined()
                #expect(!seen.contains(digits))
            }
            let kept = try await bench.state.query("SELECT count(payload) FROM rollcall.reject").first?[0]
            #expect(kept == (hasKey ? "2" : "0"))
        }
    }
}
