import Foundation
import PostgresClient
import RollcallTestSupport
import Testing

/// What a second run, and every one after it, sends and removes.
@Suite struct LedgerTests {
    /// Without a cursor every run reads everything.
    private static let withoutCursor = ["  cursor: updated_at\n": ""].merging(Workbench.everyone) { $1 }

    @Test func whatIsUnchangedIsCountedAndNotSent() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor)
            _ = try await bench.run(file)
            let posts = try await bench.statistic("contact_posts")
            let again = try await bench.run(file)
            #expect(again["unchanged"] == 3_000)
            #expect(again["delivered"] == 0)
            #expect(try await bench.statistic("contact_posts") == posts)

            try await bench.crm.execute(
                script: "UPDATE crm.leads SET last_name = 'Neu' WHERE id % 100 = 0; DELETE FROM crm.leads WHERE id = 1"
            )
            let changed = try await bench.run(file)
            #expect(changed["unchanged"] == 2_969)
            #expect(changed["delivered"] == 30)
            #expect(try await bench.statistic("contacts_repeated") == 0)
        }
    }

    @Test func aChangedPipelineSendsExactlyWhatChangedByIt() async throws {
        try await Workbench.with(leads: 1_000) { bench in
            _ = try await bench.run(try bench.pipeline(replacing: Workbench.everyone))
            let name = "      full_name: trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))\n"
            let land = "      land: CASE WHEN country = 'GR' THEN 'EL' ELSE country END\n"
            let changes = ["Country: country": "Country: land", name: name + land]
            let file = try bench.pipeline(replacing: Workbench.everyone.merging(changes) { $1 })
            let balance = try await bench.run(file)
            #expect(balance["read"] == 1_000)
            #expect(balance["delivered"] == 200)
            #expect(balance["unchanged"] == 800)
            // And then it goes on by the cursor.
            #expect(try #require(try await bench.run(file)["read"]) < 10)
        }
    }

    @Test func aSweepFindsWhatTheCursorDoesNotShow() async throws {
        try await Workbench.with(leads: 1_000) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "UPDATE crm.leads SET phone = '+15550000' WHERE id <= 10")
            #expect(try await bench.run(file)["delivered"] == 0)
            let sweep = try await bench.program.run(["run", "--json", "--quiet", "--sweep", file])
            let balance = try sweep.json()["balance"] as? [String: Int] ?? [:]
            #expect(balance["read"] == 1_000)
            #expect(balance["delivered"] == 10)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    @Test func aSweepThatIsDueIsMadeByAnyRun() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["sweep: { every: 1h }"])
            _ = try await bench.run(file)
            #expect(try #require(try await bench.run(file)["read"]) < 10)
            try await bench.state.query("UPDATE rollcall.pipeline SET swept_at = now() - interval '61 minutes'")
            #expect(try await bench.run(file)["read"] == 100)
        }
    }

    @Test func aFirstRunThatWasInterruptedGoesOnAlthoughASweepIsDue() async throws {
        try await Workbench.with(leads: 5_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":200}"#)
            let file = try bench.pipeline(
                sink: ["rows_per_request: 100"],
                replacing: Workbench.everyone,
                top: ["sweep: { every: 1h }"]
            )
            let run = try bench.program.start(["run", "--quiet", file])
            while run.isRunning, try await bench.statistic("contact_posts") < 20 {}
            run.send(SIGKILL)
            _ = try await run.output()
            try await bench.setFaults("")
            #expect(try #require(try await bench.run(file)["read"]) < 5_000)
            #expect(try await bench.run(file)["read"] == 5_000)
            #expect(try #require(try await bench.run(file)["read"]) < 10)
        }
    }

    @Test(arguments: ["uncallable", "delete"])
    func contactsWhoseRowsHaveLeftAreRemoved(_ removal: String) async throws {
        try await Workbench.with(leads: 1_000, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(top: ["on_missing: \(removal)"])
            _ = try await bench.run(file)
            // One is deleted, one says no, one is closed; only the latter two are seen by the cursor.
            let gone = try await bench.crm.query(
                "SELECT id FROM crm.leads WHERE consent AND status <> 'closed' ORDER BY id LIMIT 3"
            ).compactMap { $0[0] }
            try await bench.crm.execute(
                script: """
                    DELETE FROM crm.leads WHERE id = \(gone[0]);
                    UPDATE crm.leads SET consent = false, updated_at = '2030-01-01' WHERE id = \(gone[1]);
                    UPDATE crm.leads SET status = 'closed', updated_at = '2030-01-02' WHERE id = \(gone[2]);
                    """
            )
            let run = try await bench.program.run(["run", "--json", "--quiet", file]).json()
            #expect(run["removed"] as? Int == 2)
            let sweep = try await bench.program.run(["run", "--json", "--quiet", "--sweep", file]).json()
            #expect(sweep["removed"] as? Int == 1)
            #expect(try await bench.uncallable() == (removal == "delete" ? [] : Set(gone)))
            if removal == "delete" { #expect(try await bench.differences() == []) }

            // Who is back can be called again; who was made uncallable by somebody else cannot.
            let back =
                "UPDATE crm.leads SET consent = true, status = 'open', updated_at = '2030-02-01' WHERE id = \(gone[1])"
            try await bench.crm.execute(script: back)
            _ = try await bench.run(file)
            #expect(try await bench.uncallable() == (removal == "delete" ? [] : [gone[0], gone[2]]))
            let again = try await bench.program.run(["run", "--json", "--quiet", "--sweep", file]).json()
            #expect(again["removed"] as? Int == 0)
            #expect(again["remaining"] as? Int == 0)
        }
    }

    @Test func whoWasUncallableAlreadyStaysSoWhenBack() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor, top: ["on_missing: uncallable"])
            _ = try await bench.run(file)
            try await bench.edit(#"[{"edit":"callable","id":"7","callable":false}]"#)
            try await bench.crm.execute(
                script: """
                    CREATE TABLE aside AS SELECT * FROM crm.leads WHERE id = 7;
                    DELETE FROM crm.leads WHERE id = 7
                    """
            )
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "INSERT INTO crm.leads SELECT * FROM aside")
            _ = try await bench.run(file)
            #expect(try await bench.uncallable() == ["7"])
        }
    }

    @Test func contactsThatACampaignHoldsStayAndAreTold() async throws {
        try await Workbench.with(leads: 100, simulator: Workbench.withDeletion) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor, top: ["on_missing: delete"])
            _ = try await bench.run(file)
            try await bench.setBehaviour(#"{"contacts_in_use":["7"]}"#)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id IN (7, 8)")
            let output = try await bench.program.run(["run", "--json", "--quiet", file])
            #expect(try output.json()["removed"] as? Int == 1)
            #expect(try output.json()["remaining"] as? Int == 1)
            #expect(output.standardError.contains("1 contact whose row has left can still be called"))
            // Once the campaign lets go, the next run removes it.
            try await bench.setBehaviour("{}")
            let next = try await bench.program.run(["run", "--json", "--quiet", file]).json()
            #expect(next["removed"] as? Int == 1)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    /// Else nobody could tell who has left, and `erase` would take all of them.
    @Test func aKeyThatIsNotUniqueIsNoticed() async throws {
        try await Workbench.with(leads: 20) { bench in
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = 'Same' WHERE id IN (7, 9)")
            for cursor in ["  cursor: updated_at\n", "  ordered: false\n"] {
                let file = try bench.pipeline(
                    replacing: Workbench.everyone.merging([
                        "key: [id]": "key: [company]", "  cursor: updated_at\n": cursor,
                        "table: crm.leads":
                            "query: SELECT * FROM crm.leads WHERE company IS NOT NULL",
                    ]) { $1 }
                )
                let failed = try await bench.program.run(["run", file])
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("`key` does not tell rows apart"), "\(failed.standardError)")
                let erased = try await bench.program.run(["erase", file, "--key", "Same"])
                #expect(erased.status != 0)
                #expect(try await bench.statistic("contacts_deleted") == 0)
            }
        }
    }

    /// What was read before the fault is delivered, though the run may remove; and so it is the next time.
    @Test func aRowThatCannotBeReadKeepsNoneBeforeItWaiting() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            let table = [
                "table: crm.leads": "query: SELECT l.*, 1 / (id - 2500) AS fault FROM crm.leads AS l",
                "Score: score": "Score: fault",
            ]
            let order = ["cursor: updated_at": "ordered: true"]
            let file = try bench.pipeline(
                replacing: Workbench.everyone.merging(table) { $1 }.merging(order) { $1 },
                top: ["on_missing: uncallable"]
            )
            for _ in 0..<2 {
                let failed = try await bench.program.run(["run", file])
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("division by zero"), "\(failed.standardError)")
            }
            #expect(try await bench.contacts().count == 2_499)
        }
    }

    /// A row that has changed does not wait for company to the end of a long source.
    @Test func aPassIsRecordedAsItGoesHoweverFewRowsHaveChanged() async throws {
        try await Workbench.with(leads: 60_000) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await bench.run(file)
            try await bench.crm.execute(
                script: """
                    UPDATE crm.leads SET company = 'Changed'
                    WHERE id = (SELECT id FROM crm.leads ORDER BY updated_at, id LIMIT 1)
                    """
            )
            try await bench.state.execute(
                script: """
                    CREATE TABLE progress (read bigint);
                    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        INSERT INTO progress VALUES (NEW.read); RETURN NEW;
                    END $$;
                    CREATE TRIGGER note BEFORE UPDATE OF read ON rollcall.run FOR EACH ROW EXECUTE FUNCTION note();
                    """
            )
            let balance = try await bench.program.run(["run", "--sweep", "--json", "--quiet", file]).json()
            #expect((balance["balance"] as? [String: Int])?["delivered"] == 1)
            let records = try await bench.state.query("SELECT count(*) FROM progress WHERE read BETWEEN 1 AND 50000")
            #expect(try #require(records.first?[0].flatMap { Int($0) }) > 0)
        }
    }

    /// The contact's id is made from a column that changes.
    @Test func whoseIdChangesHasOneContactThatCanBeCalled() async throws {
        try await Workbench.with(leads: 10) { bench in
            try await bench.crm.execute(script: "UPDATE crm.leads SET phone = '100' || id, email = id::text")
            let file = try bench.pipeline(
                replacing: Workbench.everyone.merging([
                    "key: LeadId": "key: Phone", "consent AND status <> 'closed'": "consent",
                ]) { $1 },
                top: ["on_missing: uncallable"]
            )
            try await bench.crm.execute(script: "UPDATE crm.leads SET consent = true")
            _ = try await bench.run(file)
            for (time, phone) in ["2007", "3007", "1007", "4007", "7", "5007"].enumerated() {
                try await bench.crm.execute(
                    script: "UPDATE crm.leads SET phone = '\(phone)', updated_at = '2030-01-0\(time + 1)' WHERE id = 7"
                )
                _ = try await bench.run(file)
                let callable = try await bench.contacts().filter { contact in
                    contact["callable"] as? Bool != false && (contact["data"] as? [String: String])?["LeadId"] == "7"
                }
                #expect(callable.map { $0["id"] as? String } == [phone])
            }
            try await bench.crm.execute(
                script: "UPDATE crm.leads SET consent = false, updated_at = '2030-02-01' WHERE id = 7"
            )
            _ = try await bench.run(file)
            #expect(try await bench.uncallable() == ["1007", "2007", "3007", "4007", "5007", "7"])
        }
    }

    @Test(arguments: [["run"], ["run", "--sweep"]])
    func aListThatVanishedIsNotMadeAnewBehindAnybodysBack(_ command: [String]) async throws {
        try await Workbench.with(leads: 50) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor)
            _ = try await bench.run(file)
            try await bench.forgetEverything()
            let refused = try await bench.program.run(command + [file])
            #expect(refused.status == 5)
            #expect(refused.standardError.contains("rollcall checkpoint reset"), "\(refused.standardError)")
            _ = try await bench.program.run(["checkpoint", "reset", "crm-leads"])
            #expect(try await bench.run(file)["delivered"] == 50)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    @Test func keptContactsAreCountedAndNothingIsRemoved() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor)
            _ = try await bench.run(file)
            try await bench.crm.execute(script: "DELETE FROM crm.leads WHERE id > 50")
            for _ in 0..<2 {
                let output = try await bench.program.run(["run", "--json", "--quiet", file])
                #expect(output.status == 0)
                #expect(try output.json()["remaining"] as? Int == 50)
                #expect(output.standardError.contains("50 contacts whose row has left can still be called"))
            }
            #expect(try await bench.uncallable() == [])
        }
    }

    @Test func ofTwoRowsWithOneKeyTheLaterCountsWhereverTheyAre() async throws {
        try await Workbench.with(leads: 50) { bench in
            try await bench.crm.execute(
                script: """
                    ALTER TABLE crm.leads ADD lead text;
                    UPDATE crm.leads SET lead = CASE WHEN id > 45 THEN (id - 45)::text ELSE id::text END, updated_at = now() + id * interval '1 s';
                    """
            )
            let file = try bench.pipeline(
                sink: ["rows_per_request: 10"],
                replacing: Workbench.everyone.merging(["LeadId: id": "LeadId: lead"]) { $1 }
            )
            let output = try await bench.program.run(["run", "--json", "--quiet", file])
            let balance = try output.json()["balance"] as? [String: Int] ?? [:]
            #expect(balance["read"] == 50)
            #expect(balance["duplicate"] == 5)
            #expect(balance["delivered"] == 45)
            #expect(output.standardError.contains("5 rows had the key of a later row"), "\(output.standardError)")
            let phones = try await bench.values(of: "Phone")
            let later = try await bench.crm.query("SELECT lead, coalesce(phone, '') FROM crm.leads WHERE id > 45")
            for row in later { #expect(phones[row[0] ?? ""] == row[1]) }
        }
    }

    /// A run dies between a delivery and its record, and the CRM goes back to what the ledger knows: the list must follow.
    @Test func aContactWhoseDeliveryWasNotRecordedIsNeverTakenForUnchanged() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: Self.withoutCursor, top: ["on_missing: uncallable"])
            _ = try await bench.run(file)
            try await bench.crm.execute(
                script: """
                    CREATE TABLE aside AS SELECT * FROM crm.leads;
                    UPDATE crm.leads SET phone = '+15550001' WHERE id = 7;
                    INSERT INTO crm.leads SELECT 11, first_name, last_name, company, phone, email, country, zip, status,
                        consent, score, updated_at FROM crm.leads WHERE id = 1;
                    """
            )
            // The list has the new number and the new contact, but the answer does not come.
            try await bench.setFaults(#"{"kind":"drop_after"}"#)
            let run = try bench.program.start(["run", "--quiet", file])
            while run.isRunning, try await bench.statistic("contacts_updated") < 1 {}
            run.send(SIGKILL)
            _ = try await run.output()
            #expect(try await bench.values(of: "Phone")["7"] == "+15550001")
            try await bench.setFaults("")
            try await bench.crm.execute(
                script: "DELETE FROM crm.leads; INSERT INTO crm.leads SELECT * FROM aside"
            )
            _ = try await bench.run(file)
            #expect(try await bench.values(of: "Phone")["7"] != "+15550001")
            #expect(try await bench.uncallable() == ["11"])
        }
    }
}
