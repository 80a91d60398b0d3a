import PostgresClient
import Testing

/// Runs that would remove too many contacts.
@Suite struct GuardTests {
    @Test func aGuardStopsBeforeTheFirstRemoval() async throws {
        try await Workbench.with(leads: 100, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(
                replacing: Workbench.everyone.merging(["  cursor: updated_at\n": ""]) { $1 },
                top: ["on_missing: delete"]
            )
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "CREATE TABLE aside AS SELECT * FROM crm.leads")
            for (script, message) in [
                ("DELETE FROM crm.leads WHERE id > 70", "30 of 100 contacts have left"),
                ("DELETE FROM crm.leads", "the source is empty"),
            ] {
                try await bench.crm.execute(script: script)
                for _ in 0..<2 {
                    let stopped = try await bench.program.run(["run", file])
                    #expect(stopped.status == 4)
                    #expect(stopped.standardError.contains(message), "\(stopped.standardError)")
                    #expect(stopped.standardError.contains("--max-removed"), "\(stopped.standardError)")
                    #expect(try await bench.statistic("contacts_deleted") == 0)
                }
            }
            try await bench.crm.execute(script: "INSERT INTO crm.leads SELECT * FROM aside WHERE id <= 70")
            let allowed = try await bench.program.run(["run", "--json", "--quiet", "--max-removed", "30", file])
            #expect(allowed.status == 0, "\(allowed.standardError)")
            #expect(try allowed.json()["removed"] as? Int == 30)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    /// A filter turned about takes everybody for gone, and those who said no for new; so does another key, and all twice.
    @Test(
        arguments: [
            ["consent AND status <> 'closed'": "NOT (consent AND status <> 'closed')"],
            ["LeadId: id": "LeadId: lead", "full_name:": "lead: \"'L' || id\"\n      full_name:"],
        ]
    )
    func aGuardStopsBeforeAnythingIsSent(_ mistake: [String: String]) async throws {
        try await Workbench.with(leads: 100) { bench in
            _ = try await bench.run(try bench.pipeline(top: ["on_missing: uncallable"]))
            let posts = try await bench.statistic("contact_posts")
            let mistaken = try bench.pipeline(replacing: mistake, top: ["on_missing: uncallable"])
            for _ in 0..<2 {
                let stopped = try await bench.program.run(["run", mistaken])
                #expect(stopped.status == 4, "\(stopped.standardError)")
                #expect(stopped.standardError.contains("nothing was sent, and none was removed"))
                #expect(try await bench.statistic("contact_posts") == posts)
                #expect(try await bench.uncallable() == [])
            }
            // Mended, it has nothing to do.
            let mended = try bench.pipeline(top: ["on_missing: uncallable"])
            let answer = try await bench.program.run(["run", "--json", "--quiet", mended]).json()
            #expect(answer["removed"] as? Int == 0)
            #expect(try await bench.statistic("contact_posts") == posts)
        }
    }

    /// With a cursor, only rows behind it are read, and those that no longer pass are as many.
    @Test func aGuardStopsAnIncrementalRunBeforeAnythingIsSent() async throws {
        try await Workbench.with(leads: 100) { bench in
            let rules = ["on_missing: uncallable", "max_removed: 5"]
            let wanted = ["consent AND status <> 'closed'": "coalesce(company, '') <> 'Gone'"]
            let file = try bench.pipeline(replacing: wanted, top: rules)
            _ = try await bench.run(file)
            let posted = try await bench.statistic("contact_posts")
            try await bench.crm.execute(
                script: """
                    UPDATE crm.leads SET company = 'Gone', updated_at = '2030-02-01' WHERE id <= 6;
                    UPDATE crm.leads SET company = 'Changed', updated_at = '2030-02-01' WHERE id > 90
                    """
            )
            let stopped = try await bench.program.run(["run", file])
            #expect(stopped.status == 4, "\(stopped.standardError)")
            #expect(try await bench.statistic("contact_posts") == posted)
            let allowed = try await bench.program.run(["run", "--json", "--quiet", "--max-removed", "6", file]).json()
            #expect(allowed["removed"] as? Int == 6)
            #expect((allowed["balance"] as? [String: Int])?["delivered"] == 10)
        }
    }

    /// Contacts change hands, and none of them leaves.
    @Test(arguments: ["shift", "merge"]) func contactsThatPassToOtherRowsDoNotCountAsLeaving(
        _ kind: String
    ) async throws {
        try await Workbench.with(leads: 100) { bench in
            try await bench.crm.execute(script: "ALTER TABLE crm.leads ADD lead int; UPDATE crm.leads SET lead = id")
            let changes = [
                "consent AND status <> 'closed'": "lead <> 0", "LeadId: id": "LeadId: lead",
                "  cursor: updated_at\n": "",
            ]
            let file = try bench.pipeline(replacing: changes, top: ["on_missing: uncallable"])
            _ = try await bench.run(file)
            let change =
                kind == "shift"
                ? "UPDATE crm.leads SET lead = CASE lead WHEN 100 THEN 1 ELSE lead + 1 END"
                : """
                UPDATE crm.leads SET lead = 0 WHERE id <= 30;
                UPDATE crm.leads SET lead = id - 30 WHERE id BETWEEN 31 AND 60;
                INSERT INTO crm.leads SELECT id + 1000, first_name, last_name, company, phone, email, country, zip, status,
                    consent, score, updated_at, id FROM crm.leads WHERE id BETWEEN 31 AND 60;
                """
            try await bench.crm.execute(script: change)
            let output = try await bench.program.run(["run", "--json", "--quiet", file])
            #expect(output.status == 0, "\(output.standardError)")
            #expect(try output.json()["removed"] as? Int == 0)
            #expect(try await bench.uncallable() == [])
        }
    }

    @Test func aGuardAgainstASweepHoldsUntilSomebodyAllowsIt() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["on_missing: uncallable"])
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id > 70")
            let stopped = try await bench.program.run(["run", "--sweep", file])
            #expect(stopped.status == 4)
            #expect(stopped.standardError.contains("--sweep --max-removed 30"), "\(stopped.standardError)")
            // Nobody has looked: the next run stops again, though it was not asked for a sweep.
            #expect(try await bench.program.run(["run", file]).status == 4)
            let allowed = try await bench.program.run(["run", "--json", "--quiet", "--max-removed", "30", file])
            #expect(try allowed.json()["removed"] as? Int == 30)
            #expect(try #require(try await bench.run(file)["read"]) < 10)
            // Those that are uncallable by now do not make room for more.
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id > 55")
            #expect(try await bench.program.run(["run", "--sweep", file]).status == 4)
        }
    }
}
