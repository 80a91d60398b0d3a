import Foundation
import PostgresClient
import Testing

@Suite struct EraseTests {
    /// Keys of people that no other bytes look like.
    private func withNamedLeads(
        _ count: Int,
        simulator options: [String] = Workbench.withDeletion,
        _ body: (Workbench) async throws -> Void
    ) async throws {
        try await Workbench.with(leads: count, simulator: options) { bench in
            try await bench.crm.execute(
                script: "ALTER TABLE crm.leads ALTER id TYPE text USING 'lead-' || lpad(id::text, 6, '0')"
            )
            try await body(bench)
        }
    }

    @Test func aPersonIsGoneFromTheListTheLedgerAndTheRejects() async throws {
        try await withNamedLeads(50) { bench in
            try await bench.setBehaviour(
                """
                {"poisons":[{"column":"LeadId","value":"lead-000042"},{"column":"LeadId","value":"lead-000043"}]}
                """
            )
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            // One of them is delivered after all, and its reject is closed.
            try await bench.setBehaviour(#"{"poisons":[{"column":"LeadId","value":"lead-000043"}]}"#)
            _ = try await bench.run(file)
            try await bench.crm.execute(
                script: "DELETE FROM crm.leads WHERE id IN ('lead-000007', 'lead-000042', 'lead-000043')"
            )
            let keys = ["lead-000007", "lead-000042", "lead-000043"]
            #expect(try await bench.traces(of: keys) == ["ledger": 3, "reject": 2])
            let output = try await bench.program.run(
                ["erase", "--json", file] + keys.flatMap { ["--key", $0] }
            )
            #expect(output.status == 0, "\(output.standardError)")
            let result = try output.json()
            #expect(result["gone"] as? Bool == true)
            let people = try #require(result["erased"] as? [[String: Any]])
            #expect(people.map { $0["key"] as? String } == keys)
            #expect(people.map { $0["contacts"] as? [String] } == keys.map { [$0] })
            #expect(people.map { $0["in_source"] as? Bool } == [false, false, false])
            let places = people.map { person in
                ["list", "ledger", "rejects"].map { (person[$0] as? [String: Bool])?["found"] }
            }
            #expect(places == [[true, true, false], [true, true, true], [false, true, true]])
            #expect(try await bench.traces(of: keys) == ["ledger": 0, "reject": 0])
            let left = try await bench.contacts().compactMap { $0["id"] as? String }
            #expect(left.count == 47 && Set(left).isDisjoint(with: keys))
            // Of all others everything is known as before: nothing is sent, and nobody is taken for gone.
            let posts = try await bench.statistic("contact_posts")
            _ = try await bench.program.run(["run", "--sweep", file])
            #expect(try await bench.statistic("contact_posts") == posts)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    @Test func aRowThatIsStillInTheCRMIsToldForItWillComeBack() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let output = try await bench.program.run(["erase", "--key", "lead-000007", file])
            #expect(output.status == 0, "\(output.standardError)")
            #expect(output.standardError.contains("a later run adds the contact again"), "\(output.standardError)")
            #expect(output.standardOutput.contains("lead-000007  lead-000007  erased  erased  absent"))
            _ = try await bench.program.run(["run", "--sweep", file])
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    @Test func aRowThatTheFilterLeavesOutDoesNotComeBack() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let filtered = try bench.pipeline(
                replacing: ["consent AND status <> 'closed'": "id <> 'lead-000007'"]
            )
            let output = try await bench.program.run(["erase", "--json", "--key", "lead-000007", filtered])
            #expect(output.status == 0)
            #expect(output.standardError.isEmpty, "\(output.standardError)")
            let person = try #require((try output.json()["erased"] as? [[String: Any]])?.first)
            #expect(person["in_source"] as? Bool == true)
            #expect(person["returns"] as? Bool == false)
        }
    }

    @Test func aContactThatACampaignUsesRemainsAndIsToldSo() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.setBehaviour(#"{"contacts_in_use":["lead-000007"]}"#)
            let keys = ["lead-000007", "lead-000008"]
            let arguments = ["erase", file] + keys.flatMap { ["--key", $0] }
            let kept = try await bench.program.run(arguments)
            #expect(kept.status == 1)
            #expect(kept.standardOutput.contains("still there"), "\(kept.standardOutput)")
            #expect(kept.standardError.contains("a campaign uses it"), "\(kept.standardError)")
            // Whose contact it is must not be forgotten while it is there.
            #expect(try await bench.traces(of: keys) == ["ledger": 1, "reject": 0])
            try await bench.setBehaviour("{}")
            #expect(try await bench.program.run(arguments).status == 0)
            #expect(try await bench.traces(of: keys) == ["ledger": 0, "reject": 0])
            #expect(try await bench.contacts().count == 18)
        }
    }

    /// As the file says it, and as the list does.
    @Test(arguments: ["007", "7"]) func aNumberIsTheSameKeyHoweverItIsWritten(_ key: String) async throws {
        try await Workbench.with(leads: 1, simulator: Workbench.withDeletion) { bench in
            let file = try bench.program.write(
                """
                name: files
                source: { type: csv, path: leads.csv, key: [id], columns: { id: integer, phone: text } }
                transforms: [{ type: select, columns: { LeadId: id, Phone: phone } }]
                \(Workbench.sink())

                """,
                to: "files.yaml"
            )
            _ = try bench.program.write("id,phone\n007,+302101000007\n8,+302101000008\n", to: "leads.csv")
            _ = try await bench.run(file)
            let output = try await bench.program.run(["erase", "--json", file, "--key", key])
            let people = try #require(try output.json()["erased"] as? [[String: Any]])
            #expect(people.first?["key"] as? String == "7")
            #expect((people.first?["list"] as? [String: Bool])?["found"] == true, "\(output.standardError)")
            #expect(try await bench.contacts().compactMap { $0["id"] as? String } == ["8"])
        }
    }

    @Test func aKeyOfNobodyIsGoneAndMayBeMisspelt() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let output = try await bench.program.run(["erase", "--key", "lead-7", file])
            #expect(output.status == 0)
            #expect(output.standardError.contains("is it misspelt?"), "\(output.standardError)")
            #expect(try await bench.contacts().count == 20)
        }
    }

    @Test func withoutTheLedgerTheContactIsFoundByItsKey() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id = 'lead-000007'")
            _ = try await bench.program.run(["checkpoint", "reset", "--forget", "crm-leads"])
            #expect(try await bench.program.run(["erase", "--key", "lead-000007", file]).status == 0)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    /// The contact of key 000007 is known by the digest of that key alone; and a stranger has the key for an id.
    @Test func whereIDsAreMadeFromAnotherColumnOnlyTheRightContactGoes() async throws {
        try await withNamedLeads(20) { bench in
            let name = "      full_name: trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))\n"
            let changes = [name: name + "      number: \"'contact-' || id\"\n", "LeadId: id": "LeadId: number"]
            let file = try bench.pipeline(replacing: Workbench.everyone.merging(changes) { $1 })
            _ = try await bench.run(file)
            try await bench.edit(#"[{"edit":"add","id":"lead-000007","data":{}}]"#)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id = 'lead-000007'")
            let output = try await bench.program.run(["erase", "--json", "--key", "lead-000007", file])
            #expect(output.status == 0, "\(output.standardError)")
            let person = try #require((try output.json()["erased"] as? [[String: Any]])?.first)
            #expect(person["contacts"] as? [String] == ["contact-lead-000007"])
            let left = Set(try await bench.contacts().compactMap { $0["id"] as? String })
            #expect(left.count == 20)
            #expect(left.contains("lead-000007") && !left.contains("contact-lead-000007"))
        }
    }

    @Test func aCheckpointBehindTheVeryRowIsTold() async throws {
        try await withNamedLeads(20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let position = #"{"after":["2026-01-01 00:00:00+00","lead-000007"]}"#
            _ = try await bench.program.run(["checkpoint", "set", "crm-leads", position])
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id = 'lead-000007'")
            let named = try await bench.program.run(["erase", "--key", "lead-000007", file])
            #expect(named.status == 1)
            #expect(named.standardError.contains("run the pipeline to its end"), "\(named.standardError)")
            let shown = try await bench.program.run(["checkpoint", "show", "crm-leads"])
            #expect(shown.standardOutput.hasPrefix(position))
            _ = try await bench.run(file)
            #expect(try await bench.program.run(["erase", "--key", "lead-000007", file]).status == 0)
        }
    }

    @Test func aMissingPermissionIsNamedAndNothingIsForgotten() async throws {
        try await withNamedLeads(20, simulator: []) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let output = try await bench.program.run(["erase", "--key", "lead-000007", file])
            #expect(output.status == 5)
            #expect(output.standardError.contains("outbound:contact:delete"), "\(output.standardError)")
            #expect(try await bench.traces(of: ["lead-000007"]) == ["ledger": 1, "reject": 0])
            #expect(try await bench.contacts().count == 20)
        }
    }

    @Test func aKeyWithTheWrongNumberOfValuesIsRefused() async throws {
        try await withNamedLeads(5) { bench in
            let file = try bench.pipeline(replacing: ["key: [id]": "key: [country, id]"])
            let output = try await bench.program.run(["erase", "--key", "lead-000001", file])
            #expect(output.status == 78)
            #expect(output.standardError.contains("has 2 values: country, id"), "\(output.standardError)")
        }
    }

    @Test func whileARunHasThePipelineNobodyIsErased() async throws {
        try await withNamedLeads(2_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":60000}"#)
            let file = try bench.pipeline()
            let run = try bench.program.start(["run", file])
            while run.isRunning, try await bench.requestsHeldUp() < 1 {}
            #expect(try await bench.program.run(["erase", "--key", "lead-000007", file]).status == 75)
            run.send(SIGKILL)
            _ = try await run.output()
        }
    }
}

extension Workbench {
    /// How many of these keys stand in the ledger, and how many in rejects, as they are.
    fileprivate func traces(of keys: [String]) async throws -> [String: Int] {
        var traces = ["ledger": 0, "reject": 0]
        for key in keys {
            let ledger = "SELECT max(sign(position(convert_to($1, 'UTF8') IN entries))) FROM rollcall.ledger"
            let reject = "SELECT count(*) FROM rollcall.reject WHERE reject::text LIKE '%' || $1 || '%'"
            for (table, question) in [("ledger", ledger), ("reject", reject)] {
                let answer = try await state.query(question, [key]).first?[0]
                traces[table, default: 0] += answer.flatMap(Int.init) ?? 0
            }
        }
        return traces
    }
}
