import Foundation
import PostgresClient
import RollcallTestSupport
import Testing

@Suite struct ReconcileTests {
    // MARK: - Equal

    @Test func aListThatEqualsTheCRMIsProvenEqualAndNothingChangesByIt() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            let file = try bench.pipeline()
            let delivered = try #require(try await bench.run(file)["delivered"])
            let before = try await bench.history()
            let posts = try await bench.statistic("contact_posts")
            let output = try await bench.program.run(["reconcile", "--json", file])
            #expect(output.status == 0, "\(output.standardError)")
            let result = try output.json()
            #expect(result["equal"] as? Bool == true)
            #expect(result["contacts"] as? Int == delivered)
            #expect(result["rows"] as? Int == 3_000)
            #expect(result["matched"] as? Int == delivered)
            #expect(result["filtered"] as? Int == 3_000 - delivered)
            #expect(try await bench.statistic("contact_posts") == posts)
            // Neither the checkpoint nor the list of runs knows of it.
            #expect(try await bench.history() == before)
            let table = try await bench.program.run(["reconcile", "--quiet", file])
            #expect(table.status == 0)
            #expect(table.standardOutput.hasPrefix("crm-leads: equal: compared "), "\(table.standardOutput)")
            #expect(table.standardError.isEmpty)
        }
    }

    @Test func aSecondRunReadsOnlyItsBookmarkAllTheSame() async throws {
        try await Workbench.with(leads: 500) { bench in
            let file = try bench.pipeline()
            _ = try await bench.run(file)
            #expect(try await bench.program.run(["reconcile", file]).status == 0)
            #expect(try #require(try await bench.run(file)["read"]) <= 1)
        }
    }

    // MARK: - Different

    /// Twenty changes behind the program's back for each seed; all are found with their columns, and all are mended.
    @Test(arguments: 0..<5) func everyChangeBehindOurBackIsFoundAndMended(seed: UInt64) async throws {
        try await Workbench.with(leads: 400, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(
                replacing: Workbench.everyone,
                top: ["on_missing: delete", "max_removed: 50%"]
            )
            _ = try await bench.run(file)
            var random = SeededGenerator(seed: seed)
            let edits = try await bench.randomEdits(20, &random)
            try await bench.edit("[\(edits.map(\.json).joined(separator: ","))]")

            let found = try await bench.program.run(["reconcile", "--json", "--limit", "100", file])
            #expect(found.status == 6, "\(found.standardError)")
            let expected = Set(edits.compactMap(\.finding))
            #expect(try found.findings() == expected)
            let counts = Dictionary(grouping: expected, by: \.kind).mapValues(\.count)
            let result = try found.json()
            for kind in ["missing", "extra", "different"] {
                #expect((result[kind] as? [String: Any])?["count"] as? Int == counts[kind, default: 0], "\(kind)")
            }
            #expect(
                result["ledger_disagrees"] as? Int == counts["missing", default: 0] + counts["different", default: 0]
            )
            for edit in edits {
                for text in [found.standardOutput, found.standardError] { #expect(!text.contains(edit.secret)) }
            }

            let repaired = try await bench.program.run(["reconcile", "--json", "--repair", "--yes", file])
            #expect(repaired.status == 0, "\(repaired.standardError)")
            let repair = try #require(try repaired.json()["repair"] as? [String: Any])
            let plan = try #require(repair["plan"] as? [String: Int])
            #expect(plan["send"] == counts["missing", default: 0] + counts["different", default: 0])
            #expect(plan["remove"] == counts["extra", default: 0])
            let run = try #require(repair["run"] as? [String: Any])
            #expect((run["balance"] as? [String: Int])?["delivered"] == plan["send"])
            #expect(run["removed"] as? Int == plan["remove"])
            #expect((repair["after"] as? [String: Any])?["equal"] as? Bool == true)
            #expect(try await bench.differences(expecting: "true") == [])
            #expect(try await bench.statistic("contacts_dialed_again") == 0)
            // Whether a contact may be called is the dialler's business.
            #expect(try await bench.uncallable() == Set(edits.filter { $0.kind == .callable }.map(\.id)))
        }
    }

    @Test func whatChangedInTheCRMSinceTheLastRunIsToldApart() async throws {
        try await Workbench.with(leads: 300) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.crm.execute(
                script: """
                    UPDATE crm.leads SET company = 'Neu', updated_at = now() WHERE id <= 3;
                    DELETE FROM crm.leads WHERE id = 4;
                    INSERT INTO crm.leads SELECT 1000, first_name, last_name, company, phone, email, country, zip, status,
                        consent, score, now() FROM crm.leads WHERE id = 5;
                    """
            )
            try await bench.edit(#"[{"edit":"set","id":"3","data":{"FullName":"Nobody"}}]"#)
            let output = try await bench.program.run(["reconcile", "--json", file])
            #expect(output.status == 6)
            let result = try output.json()
            let different = try #require(result["different"] as? [String: Any])
            #expect(different["source"] as? Int == 2)
            #expect(different["unknown"] as? Int == 1)
            #expect(different["columns"] as? [String: Int] == ["Company": 3, "FullName": 1])
            #expect(different["columns_of"] as? Int == 3)
            #expect((result["missing"] as? [String: Int]) == ["count": 1, "list": 0, "source": 1])
            #expect((result["extra"] as? [String: Int]) == ["count": 1, "known": 1, "unknown": 0])
            #expect(result["ledger_disagrees"] as? Int == 0)
        }
    }

    @Test func contactsThatRollcallHasPartedFromAreNoDifferenceUntilSomebodyCallsThemBack() async throws {
        try await Workbench.with(leads: 100, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(
                replacing: Workbench.everyone,
                top: ["on_missing: uncallable", "max_removed: 50%"]
            )
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id <= 5")
            _ = try await bench.program.run(["run", "--sweep", file])
            let departed = try await bench.program.run(["reconcile", "--json", file])
            #expect(departed.status == 0, "\(departed.standardOutput)")
            #expect(try departed.json()["departed"] as? Int == 5)
            #expect(try departed.json()["uncallable"] as? Int == 5)

            try await bench.edit(#"[{"edit":"callable","id":"2","callable":true}]"#)
            let found = try await bench.program.run(["reconcile", "--json", file])
            #expect(found.status == 6)
            #expect(try found.findings() == [Finding(kind: "extra", id: "2")])
            #expect(try await bench.program.run(["reconcile", "--repair", "--yes", file]).status == 0)
            #expect(try await bench.uncallable() == ["1", "2", "3", "4", "5"])

            // And back again: it must be called once more.
            try await bench.crm.execute(
                script: """
                    INSERT INTO crm.leads SELECT 2, first_name, last_name, company, phone, email, country, zip, status,
                        consent, score, now() FROM crm.leads WHERE id = 12
                    """
            )
            #expect(try await bench.program.run(["reconcile", file]).status == 6)
            #expect(try await bench.program.run(["reconcile", "--repair", "--yes", file]).status == 0)
            #expect(try await bench.uncallable() == ["1", "3", "4", "5"])
        }
    }

    /// Else a later run would remove what somebody has just refused to.
    @Test func aRepairThatAGuardStopsLeavesNothingToLaterRuns() async throws {
        try await Workbench.with(leads: 50) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["on_missing: uncallable"])
            _ = try await bench.run(file)
            let strangers = (1...5).map { #"{"edit":"add","id":"stranger-\#($0)","data":{}}"# }
            try await bench.edit("[\(strangers.joined(separator: ","))]")
            let stopped = try await bench.program.run(["reconcile", "--repair", "--yes", "--max-removed", "4", file])
            #expect(stopped.status == 4, "\(stopped.standardError)")
            #expect(stopped.standardError.contains("--repair --max-removed 5"), "\(stopped.standardError)")
            _ = try await bench.run(file)
            _ = try await bench.program.run(["run", "--sweep", file])
            #expect(try await bench.uncallable() == [])
            let planned = try await bench.program.run(["reconcile", "--repair", file])
            #expect(planned.standardOutput.contains("5 of those without a row were not put there by this pipeline"))
            #expect(try await bench.program.run(["reconcile", "--repair", "--yes", file]).status == 0)
            #expect(try await bench.uncallable().count == 5)
        }
    }

    /// A list of ids is cut at commas, and the ledger keeps no longer ids than Rollcall makes.
    @Test func strangersWithStrangeIDsTakeNobodyWithThem() async throws {
        try await Workbench.with(leads: 50, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["on_missing: delete"])
            _ = try await bench.run(file)
            let long = String(repeating: "x", count: 300)
            try await bench.edit(
                #"[{"edit":"add","id":"1,2","data":{"FullName":"A"}},{"edit":"add","id":"\#(long)","data":{}}]"#
            )
            let repaired = try await bench.program.run(["reconcile", "--json", "--repair", "--yes", file])
            #expect(repaired.status == 6, "\(repaired.standardError)")
            let repair = try #require(try repaired.json()["repair"] as? [String: Any])
            #expect((repair["plan"] as? [String: Int]) == ["send": 0, "remove": 1, "keep": 1])
            let again = try await bench.program.run(["reconcile", "--json", file])
            #expect(try again.findings() == [Finding(kind: "extra", id: long)])
            #expect(try await bench.contacts().count == 51)
        }
    }

    @Test func withoutRemovalStrangersStayAndAreStillADifference() async throws {
        try await Workbench.with(leads: 50) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.edit(
                """
                [{"edit":"add","id":"stranger","data":{"FullName":"A"}},{"edit":"set","id":"7","data":{"Company":"B"}}]
                """
            )
            let repaired = try await bench.program.run(["reconcile", "--json", "--repair", "--yes", file])
            #expect(repaired.status == 6, "\(repaired.standardError)")
            let repair = try #require(try repaired.json()["repair"] as? [String: Any])
            #expect((repair["plan"] as? [String: Int])?["keep"] == 1)
            #expect((repair["plan"] as? [String: Int])?["send"] == 1)
            let again = try await bench.program.run(["reconcile", "--json", file])
            #expect(try again.findings() == [Finding(kind: "extra", id: "stranger")])
        }
    }

    @Test func whatCannotBeComparedIsCountedAndIsNoDifference() async throws {
        try await Workbench.with(leads: 60) { bench in
            try await bench.setBehaviour(
                #"{"poisons":[{"column":"LeadId","value":"42","code":"invalid.contact.id"}]}"#
            )
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = repeat('x', 513) WHERE id = 7")
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            let output = try await bench.program.run(["reconcile", "--json", file])
            #expect(output.status == 0, "\(output.standardOutput)")
            let result = try output.json()
            let counts = ["count": 2, "invalid": 1, "rejected": 1, "duplicate": 0]
            #expect(result["not_comparable"] as? [String: Int] == counts)
            #expect(result["matched"] as? Int == 58)
        }
    }

    @Test func aContactWhoseRowIsRefusedNowIsNotTakenForAStranger() async throws {
        try await Workbench.with(leads: 20, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["on_missing: delete"])
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = repeat('x', 513) WHERE id = 7")
            let output = try await bench.program.run(["reconcile", "--json", file])
            #expect(output.status == 0, "\(output.standardOutput)")
            #expect(try output.json()["contacts"] as? Int == 20)
        }
    }

    // MARK: - The export

    @Test func anExportOfYesterdayIsNotTaken() async throws {
        try await Workbench.with(leads: 30) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.setBehaviour(#"{"export_delay_seconds":1.5,"export_serves_stale":true}"#)
            #expect(try await bench.program.run(["reconcile", file]).status == 0)
            try await bench.edit(
                #"[{"edit":"delete","id":"3"},{"edit":"set","id":"4","data":{"Phone":"+15550001"}}]"#
            )
            let output = try await bench.program.run(["reconcile", "--json", file])
            #expect(output.status == 6)
            let expected: Set = [
                Finding(kind: "missing", id: "3"), Finding(kind: "different", id: "4", columns: ["Phone"]),
            ]
            #expect(try output.findings() == expected)
            #expect(try await bench.statistic("exports") == 2)
        }
    }

    @Test(arguments: [true, false]) func theHeaderOfTheExportMayHaveItsDefect(_ isDefective: Bool) async throws {
        try await Workbench.with(leads: 20) { bench in
            try await bench.setBehaviour(#"{"export_header_defect":\#(isDefective)}"#)
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            #expect(try await bench.program.run(["reconcile", file]).status == 0)
        }
    }

    // MARK: - Asking first

    @Test func withoutATerminalARepairIsOnlyPlanned() async throws {
        try await Workbench.with(leads: 20) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.edit(#"[{"edit":"delete","id":"3"}]"#)
            let posts = try await bench.statistic("contact_posts")
            let planned = try await bench.program.run(["reconcile", "--repair", file])
            #expect(planned.status == 6)
            #expect(planned.standardOutput.contains("plan: 1 contact to send"), "\(planned.standardOutput)")
            let json = try await bench.program.run(["reconcile", "--repair", "--json", file])
            #expect(json.status == 6)
            #expect(((try json.json()["repair"] as? [String: Any])?["plan"] as? [String: Int])?["send"] == 1)
            #expect(try await bench.statistic("contact_posts") == posts)
            // Nor did the ledger learn anything that a run would act on.
            _ = try await bench.program.run(["run", "--sweep", file])
            #expect(try await bench.statistic("contact_posts") == posts)
        }
    }

    @Test func aRepairRemovesNoMoreThanIsAllowed() async throws {
        try await Workbench.with(leads: 20, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["on_missing: delete", "max_removed: 2"])
            _ = try await bench.run(file)
            let strangers = (1...3).map { #"{"edit":"add","id":"stranger-\#($0)","data":{}}"# }
            try await bench.edit("[\(strangers.joined(separator: ","))]")
            let guarded = try await bench.program.run(["reconcile", "--repair", "--yes", file])
            #expect(guarded.status == 4, "\(guarded.standardError)")
            #expect(try await bench.contacts().count == 23)
            let allowed = try await bench.program.run([
                "reconcile", "--repair", "--yes", "--max-removed", "3", file,
            ])
            #expect(allowed.status == 0, "\(allowed.standardError)")
            #expect(try await bench.contacts().count == 20)
        }
    }

    // MARK: - Where it cannot be done

    @Test func whileARunHasThePipelineNothingIsCompared() async throws {
        try await Workbench.with(leads: 2_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":60000}"#)
            let file = try bench.pipeline()
            let run = try bench.program.start(["run", file])
            while run.isRunning, try await bench.requestsHeldUp() < 1 {}
            let output = try await bench.program.run(["reconcile", file])
            #expect(output.status == 75)
            #expect(output.standardOutput.isEmpty)
            run.send(SIGKILL)
            _ = try await run.output()
        }
    }

    @Test func aListThatIsNotThereIsToldAndNotMade() async throws {
        try await Workbench.with(leads: 5) { bench in
            let output = try await bench.program.run(["reconcile", try bench.pipeline()])
            #expect(output.status == 5)
            #expect(output.standardError.contains("there is no contact list \"crm-leads\""), "\(output.standardError)")
            let made = try await bench.program.run(["run", try bench.pipeline()])
            #expect(made.standardError.contains("made the contact list"), "\(made.standardError)")
        }
    }

    @Test func aSinkThatCannotTellWhatItHasIsRefused() async throws {
        try await Workbench.with(leads: 5) { bench in
            let file = try bench.program.write(
                """
                name: lines
                source: { type: postgres, url: "${CRM_DATABASE_URL}", table: crm.leads, key: [id] }
                sink: { type: discard }

                """,
                to: "lines.yaml"
            )
            let output = try await bench.program.run(["reconcile", file])
            #expect(output.status == 78)
            #expect(output.standardError.contains("cannot tell what it has"), "\(output.standardError)")
        }
    }

    @Test func namesAndNumbersOfPeopleAreNowhereInTheOutput() async throws {
        try await Workbench.with(leads: 30) { bench in
            try await bench.crm.execute(
                script: "UPDATE crm.leads SET last_name = 'Kanarienvogel', phone = '+49301234567' WHERE id = 3"
            )
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.edit(
                """
                [{"edit":"set","id":"3","data":{"FullName":"Pappagallo","Phone":"+39061234567"}},
                {"edit":"add","id":"x","data":{"FullName":"Pappagallo"}},{"edit":"delete","id":"4"}]
                """
            )
            for arguments in [["reconcile"], ["reconcile", "--json"], ["reconcile", "--repair", "--yes"]] {
                let output = try await bench.program.run(arguments + [file])
                #expect(output.status == 6)
                for secret in ["Kanarienvogel", "+49301234567", "Pappagallo", "+39061234567"] {
                    #expect(!output.standardOutput.contains(secret))
                    #expect(!output.standardError.contains(secret))
                }
            }
            let state = try await bench.state.query(
                "SELECT encode(entries, 'escape') AS entries FROM rollcall.ledger"
            )
            #expect(!state.isEmpty)
            for row in state { #expect(try !row.value("entries", as: String.self).contains("Pappagallo")) }
        }
    }
}

extension Workbench {
    /// Where the next run goes on, and the runs there were.
    fileprivate func history() async throws -> [String] {
        [
            try await program.run(["checkpoint", "show", "--json", "crm-leads"]).standardOutput,
            try await program.run(["runs", "--json"]).standardOutput,
            try await program.run(["status", "--json"]).standardOutput,
        ]
    }
}
