import Foundation
import PostgresClient
import Testing

@Suite struct RejectCommandTests {
    private static let key = "a key of more than sixteen characters"

    /// A list that refuses the rows 7 and 8, one of them with much to escape.
    private func withRejects(key: String? = nil, _ body: (Workbench, String, Program) async throws -> Void) async throws
    {
        try await Workbench.with(leads: 40) { bench in
            try await bench.crm.execute(
                script:
                    #"UPDATE crm.leads SET company = E'He said "no",\nand left', last_name = 'Kanarienvogel' WHERE id = 7"#
            )
            try await bench.setBehaviour(
                #"{"poisons":[{"column":"LeadId","value":"7"},{"column":"LeadId","value":"8"}]}"#
            )
            var program = bench.program
            program.environment["ROLLCALL_PAYLOAD_KEY"] = key
            let file = try bench.pipeline(replacing: Workbench.everyone)
            #expect(try await program.run(["run", "--quiet", file]).status == 0)
            try await body(bench, file, program)
        }
    }

    // MARK: - Looking

    @Test func aRowThatWasKeptIsShownToWhoHasTheKey() async throws {
        try await withRejects(key: Self.key) { bench, _, program in
            let shown = try await program.run(["rejects", "show", "crm-leads", "7"])
            #expect(shown.status == 0)
            #expect(shown.standardOutput.contains("invalid.contact.columns"), "\(shown.standardOutput)")
            #expect(shown.standardOutput.contains("Kanarienvogel"))
            let json = try await program.run(["rejects", "show", "--json", "crm-leads", "7"]).json()
            #expect((json["row"] as? [String: Any])?["LeadId"] as? String == "7")
            #expect((json["row"] as? [String: Any])?["Company"] as? String == "He said \"no\",\nand left")
            #expect(json["key_values"] as? [String] == ["7"])
            #expect((json["reject"] as? [String: Any])?["attempts"] as? Int == 1)

            let without = try await bench.program.run(["rejects", "show", "crm-leads", "7"])
            #expect(without.status == 0)
            #expect(without.standardOutput.contains("there is no ROLLCALL_PAYLOAD_KEY here"))
            #expect(!without.standardOutput.contains("Kanarienvogel"))
            var other = program
            other.environment["ROLLCALL_PAYLOAD_KEY"] = "another key of more than sixteen characters"
            let wrong = try await other.run(["rejects", "show", "--json", "crm-leads", "7"]).json()
            #expect((wrong["row_missing"] as? String)?.contains("cannot be decrypted with this key") == true)
            #expect(wrong["row"] == nil)
        }
    }

    @Test func aRowThatWasNotKeptIsToldSo() async throws {
        try await withRejects { _, _, program in
            let shown = try await program.run(["rejects", "show", "crm-leads", "7"])
            #expect(shown.status == 0)
            #expect(shown.standardOutput.contains("row: not kept"), "\(shown.standardOutput)")
            let unknown = try await program.run(["rejects", "show", "crm-leads", "9"])
            #expect(unknown.status == 1)
            #expect(unknown.standardError.contains("no row of crm-leads with the key 9"), "\(unknown.standardError)")
        }
    }

    @Test func rejectsAreExportedAndRowsOnlyWhenAskedFor() async throws {
        try await withRejects(key: Self.key) { bench, _, program in
            let plain = try await program.run(["rejects", "export", "crm-leads"])
            #expect(plain.status == 0)
            #expect(!plain.standardOutput.contains("Kanarienvogel"))
            let lines = plain.standardOutput.split(separator: "\n")
            #expect(lines.count == 2)
            for line in lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["code"] as? String == "invalid.contact.columns")
                #expect(object?["row"] == nil)
            }
            let rows = try await program.run(["rejects", "export", "--with-rows", "crm-leads"])
            let names = try rows.standardOutput.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return (object?["row"] as? [String: Any])?["LeadId"] as? String
            }
            #expect(Set(names) == ["7", "8"])
            #expect(rows.standardOutput.contains("Kanarienvogel"))

            let csv = try await program.run(["rejects", "export", "--format", "csv", "--with-rows", "crm-leads"])
            let header = "key,stage,code,reason,run,attempts,given_up,first,last,row\r\n"
            #expect(csv.standardOutput.hasPrefix(header), "\(csv.standardOutput)")
            #expect(csv.standardOutput.contains(#"""LeadId"":""7"""#), "\(csv.standardOutput)")
            // In the JSON of the row, a quote has a backslash; in the CSV around it, it is doubled.
            #expect(csv.standardOutput.contains(#"He said \""no\"",\nand left"#), "\(csv.standardOutput)")

            let without = try await bench.program.run(["rejects", "export", "--with-rows", "crm-leads"])
            #expect(without.status == 78)
            #expect(without.standardOutput.isEmpty)
        }
    }

    // MARK: - Changing

    @Test func whatIsDroppedIsClosedAndItsRowForgotten() async throws {
        try await withRejects(key: Self.key) { bench, _, program in
            let dropped = try await program.run(["rejects", "drop", "crm-leads", "7"])
            #expect(dropped.status == 0)
            #expect(dropped.standardOutput == "dropped 1 row of crm-leads\n")
            let open = try await program.run(["rejects", "list", "crm-leads"]).standardOutput
            #expect(open.split(separator: "\n").count == 2)
            #expect(!open.contains("CLOSED"))
            let all = try await program.run(["rejects", "list", "--all", "crm-leads"]).standardOutput
            #expect(all.contains("CLOSED") && all.contains("dropped"), "\(all)")
            #expect(all.split(separator: "\n").count == 3)
            let shown = try await program.run(["rejects", "show", "crm-leads", "7"]).standardOutput
            #expect(shown.contains("closed: dropped") && shown.contains("forgotten"), "\(shown)")
            let kept = try await bench.state.query("SELECT key FROM rollcall.reject WHERE payload IS NOT NULL")
            #expect(kept.map { $0[0] } == ["8"])

            let again = try await program.run(["rejects", "drop", "crm-leads", "7"])
            #expect(again.status == 1)
            #expect(again.standardError.contains("no open reject with the key 7"))
            #expect(try await program.run(["rejects", "drop", "--all", "crm-leads"]).status == 0)
            #expect(try await program.run(["rejects", "list", "crm-leads"]).standardOutput == "no rejects\n")
        }
    }

    @Test func whatWasRefusedTooOftenIsTriedAgainOnDemand() async throws {
        try await Workbench.with(leads: 40) { bench in
            try await bench.setBehaviour(#"{"poisons":[{"column":"LeadId","value":"7"}]}"#)
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["max_attempts: 1"])
            _ = try await bench.run(file)
            try await bench.setBehaviour("{}")
            _ = try await bench.run(file)
            #expect(try await bench.differences(expecting: "id <> 7") == [])
            let retry = try await bench.program.run(["rejects", "retry", "crm-leads", "7"])
            #expect(retry.standardOutput == "the next run of crm-leads tries 1 row again\n")
            #expect(retry.status == 0)
            _ = try await bench.run(file)
            #expect(try await bench.differences(expecting: "true") == [])
            #expect(try await bench.program.run(["rejects", "list", "crm-leads"]).standardOutput == "no rejects\n")
            let none = try await bench.program.run(["rejects", "retry", "crm-leads"])
            #expect(none.status == 0)
            #expect(none.standardOutput == "the next run of crm-leads tries 0 rows again\n")
        }
    }

    @Test func aMisspeltPipelineIsToldAndNotMade() async throws {
        try await withRejects { _, _, program in
            for command in [
                ["rejects", "list"], ["rejects", "list", "--json"], ["rejects", "export"],
                ["rejects", "drop", "--all"],
                ["rejects", "retry"], ["checkpoint", "show"], ["checkpoint", "reset"], ["runs"],
            ] {
                let output = try await program.run(command + ["crm-lead"])
                #expect(output.status == 1, "\(command)")
                #expect(output.standardOutput.isEmpty, "\(output.standardOutput)")
                #expect(
                    output.standardError == """
                        error: no pipeline "crm-lead" has run with this state database; known are crm-leads
                          hint: did you mean `crm-leads`?

                        """
                )
            }
            let status = try await program.run(["status"]).standardOutput
            #expect(!status.contains("crm-lead "), "\(status)")
        }
    }

    @Test func dropNeedsToBeToldWhat() async throws {
        try await withRejects { _, _, program in
            for arguments in [["crm-leads"], ["crm-leads", "7", "--all"]] {
                let output = try await program.run(["rejects", "drop"] + arguments)
                #expect(output.status == 2)
            }
        }
    }

    @Test func whileARunHasThePipelineRejectsStayAsTheyAre() async throws {
        try await withRejects { bench, file, program in
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = 'Neu', updated_at = now()")
            try await bench.setFaults(#"{"kind":"slow","milliseconds":60000}"#)
            let run = try program.start(["run", file])
            while run.isRunning, try await bench.requestsHeldUp() < 1 {}
            #expect(try await program.run(["rejects", "drop", "crm-leads", "7"]).status == 75)
            #expect(try await program.run(["rejects", "retry", "crm-leads"]).status == 75)
            run.send(SIGKILL)
            _ = try await run.output()
            #expect(try await program.run(["rejects", "list", "crm-leads"]).standardOutput.contains("\n7    rejected"))
        }
    }
}
