import Foundation
import PostgresClient
import Testing

@Suite struct RunTests {
    @Test func aTableArrivesRowByRowAndASecondRunReadsOnlyItsBookmark() async throws {
        try await Workbench.with(leads: 5_000) { bench in
            let file = try bench.pipeline()
            let first = try await bench.run(file)
            #expect(first["read"] == 5_000)
            #expect(first["filtered"] == 5_000 - (first["delivered"] ?? 0))
            #expect(try await bench.differences() == [])
            let second = try await bench.run(file)
            #expect(try #require(second["read"]) <= 1)
            #expect(try await bench.statistic("contacts_updated") == 0)
        }
    }

    @Test func aRowThatChangesIsDeliveredByTheNextRun() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline()
            _ = try await bench.run(file)
            try await bench.crm.query(
                "UPDATE crm.leads SET company = 'New & \"Co\"', consent = true, status = 'open', updated_at = now() WHERE id = 40"
            )
            let second = try await bench.run(file)
            #expect(try #require(second["delivered"]) <= 2)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func onlyTheColumnsThatThePipelineUsesAreReadAndNeedBeReadable() async throws {
        try await Workbench.with(leads: 100) { bench in
            let role = "reader_\(UInt32.random(in: 0 ... .max))"
            try await bench.crm.execute(
                script: """
                    ALTER TABLE crm.leads ADD diagnosis text;
                    CREATE ROLE \(role) LOGIN;
                    GRANT USAGE ON SCHEMA crm TO \(role);
                    GRANT SELECT (id, first_name, last_name, company, phone, email, zip, country, score, consent, status,
                        updated_at)
                        ON crm.leads TO \(role);
                    """
            )
            let url = bench.crmDatabase.connectionString + " user=\(role)"
            let file = try bench.pipeline(replacing: ["${CRM_DATABASE_URL:-}": "\"\(url)\""])
            #expect(try await bench.run(file)["read"] == 100)
            #expect(try await bench.differences() == [])
            try await bench.crm.execute(script: "REVOKE SELECT (phone) ON crm.leads FROM \(role)")
            let refused = try await bench.program.run(["run", "--quiet", file])
            #expect(refused.status == 5)
            #expect(refused.standardError.contains("GRANT SELECT ON crm.leads"), "\(refused.standardError)")
        }
    }

    /// A transaction that began before a run and commits after it, with an earlier cursor than the run's last row.
    @Test func aRowThatIsCommittedLateIsNotMissed() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline()
            let other = try await PostgresConnection.connect(bench.crmDatabase)
            try await other.begin(.readWrite)
            try await other.query(
                "UPDATE crm.leads SET company = 'late', consent = true, status = 'open', updated_at = now() WHERE id = 3"
            )
            try await bench.crm.query(
                "UPDATE crm.leads SET company = 'early', consent = true, status = 'open', updated_at = now() WHERE id = 4"
            )
            _ = try await bench.run(file)
            try await other.commit()
            await other.close()
            _ = try await bench.run(file)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func rowsWithoutACursorAreReadToo() async throws {
        try await Workbench.with(leads: 50) { bench in
            try await bench.crm.execute(script: "ALTER TABLE crm.leads ALTER updated_at DROP NOT NULL")
            try await bench.crm.execute(script: "UPDATE crm.leads SET updated_at = NULL WHERE id % 3 = 0")
            let file = try bench.pipeline()
            let first = try await bench.run(file)
            #expect(first["read"] == 50)
            #expect(try await bench.differences() == [])
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = 'changed' WHERE id = 3")
            _ = try await bench.run(file)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func oneRowThatGenesysRefusesIsKeptWithItsReasonAndAllOthersArrive() async throws {
        try await Workbench.with(leads: 10_000) { bench in
            try await bench.setBehaviour(
                #"{"poisons":[{"column":"LeadId","value":"4242","code":"invalid.contact.id"}]}"#
            )
            let file = try bench.pipeline(replacing: ["consent AND status <> 'closed'": "true"])
            let balance = try await bench.run(file)
            #expect(balance["delivered"] == 9_999)
            #expect(balance["rejected"] == 1)
            #expect(try await bench.differences(expecting: "id <> 4242") == [])
            let rejects = try await bench.program.run(["rejects", "list", "crm-leads"])
            #expect(rejects.standardOutput.contains("4242  rejected  invalid.contact.id"), "\(rejects.standardOutput)")
        }
    }

    @Test func aValueThatIsTooLongIsInvalidAndNeverSent() async throws {
        try await Workbench.with(leads: 20) { bench in
            try await bench.crm.execute(
                script: "UPDATE crm.leads SET company = repeat('x', 513), consent = true, status = 'open' WHERE id = 7"
            )
            let balance = try await bench.run(try bench.pipeline())
            #expect(balance["invalid"] == 1)
            #expect(try await bench.differences(expecting: "consent AND status <> 'closed' AND id <> 7") == [])
            let rejects = try await bench.program.run(["rejects", "list", "crm-leads"]).standardOutput
            #expect(rejects.contains("\"Company\" has 513 characters"), "\(rejects)")
        }
    }

    @Test func nobodyIsDialledAgainAndDialStateSurvives() async throws {
        try await Workbench.with(leads: 200) { bench in
            let file = try bench.pipeline()
            _ = try await bench.run(file)
            try await bench.dial(30)
            try await bench.crm.execute(script: "UPDATE crm.leads SET company = 'x', updated_at = now()")
            _ = try await bench.run(file)
            try await bench.dial(1_000)
            #expect(try await bench.statistic("contacts_dialed_again") == 0)
        }
    }

    @Test func faultsOfAllKindsChangeNothingAndEveryWaitIsKept() async throws {
        try await Workbench.with(leads: 10_000) { bench in
            let kinds = ["too_many_requests", "service_unavailable", "timeout_after", "drop_before", "drop_after"]
            try await bench.setFaults(kinds.map { #"{"kind":"\#($0)","rate":0.05}"# }.joined(separator: ","), seed: 7)
            let balance = try await bench.run(try bench.pipeline(sink: ["rows_per_request: 100"]))
            #expect(balance["read"] == 10_000)
            #expect(try await bench.differences() == [])
            #expect(try await bench.statistic("early_requests") == 0)
            let faults = try #require(try await bench.statistics()["faults"] as? [String: Int])
            #expect(faults.values.reduce(0, +) >= 5, "\(faults)")
        }
    }

    @Test func aTokenThatDiesEarlyIsRenewed() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            try await bench.setFaults(#"{"kind":"token_death","count":1}"#)
            _ = try await bench.run(try bench.pipeline(sink: ["rows_per_request: 200"]))
            #expect(try await bench.differences() == [])
            #expect(try await bench.statistic("tokens_issued") >= 2)
        }
    }

    @Test func aSourceWithoutOrderArrivesWholeToo() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            let file = try bench.pipeline(replacing: ["cursor: updated_at": "ordered: false"])
            let balance = try await bench.run(file)
            #expect(balance["read"] == 3_000)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func aKeyThatIsNullIsRefusedAndNotSkipped() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(
                replacing: [
                    "table: crm.leads": """
                    query: SELECT nullif(id, 10) AS id, first_name, last_name, company, phone, email, country, zip, status, \
                    consent, score, updated_at FROM crm.leads
                    """
                ]
            )
            let refused = try await bench.program.run(["run", file])
            #expect(refused.status == 1)
            #expect(refused.standardError.contains("the key column \"id\" is NULL"), "\(refused.standardError)")
        }
    }

    @Test func aListThatVanishedIsNotFilledWithTheLatestChangesOnly() async throws {
        try await Workbench.with(leads: 100) { bench in
            let file = try bench.pipeline()
            _ = try await bench.run(file)
            try await bench.forgetEverything()
            let refused = try await bench.program.run(["run", file])
            #expect(refused.status == 5)
            #expect(refused.standardError.contains("rollcall checkpoint reset"), "\(refused.standardError)")
            _ = try await bench.program.run(["checkpoint", "reset", "crm-leads"])
            _ = try await bench.run(file)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func manyRefusedRowsAtTheHeadDoNotStopTheOthers() async throws {
        try await Workbench.with(leads: 300) { bench in
            let poisons = (1...25).map { #"{"column":"LeadId","value":"\#($0)","code":"invalid.contact.id"}"# }
            try await bench.setBehaviour(#"{"poisons":[\#(poisons.joined(separator: ","))]}"#)
            let file = try bench.pipeline(replacing: ["consent AND status <> 'closed'": "true"])
            let output = try await bench.program.run(["run", "--json", "--quiet", file])
            let balance = try output.json()["balance"] as? [String: Int] ?? [:]
            #expect(balance["rejected"] == 25)
            #expect(balance["delivered"] == 275)
            // Quiet or not: cron must send this to somebody.
            #expect(
                output.standardError == """
                    crm-leads: warning: 25 rows did not reach the list; `rollcall rejects list crm-leads` shows which and why

                    """
            )
            let list = try await bench.program.run(["rejects", "list", "crm-leads", "--limit", "20"])
            #expect(list.standardError == "these are 20 rejects, those of the last run first; `--limit` shows more\n")
            #expect(list.standardOutput.split(separator: "\n").count == 21)
            let misspelt = try await bench.program.run(["checkpoint", "reset", "crm-lead"])
            #expect(misspelt.standardError.contains("known are crm-leads"), "\(misspelt.standardError)")
        }
    }

    @Test func aKeyOfFixedLengthGoesOnWhereItStopped() async throws {
        try await Workbench.with(leads: 3_000) { bench in
            try await bench.crm.execute(
                script: "ALTER TABLE crm.leads ALTER id TYPE char(12) USING 'L' || lpad(id::text, 11, '0')"
            )
            let file = try bench.pipeline(
                replacing: ["  cursor: updated_at\n": "", "consent AND status <> 'closed'": "true"]
            )
            _ = try await bench.run(file)
            _ = try await bench.program.run(["checkpoint", "set", "crm-leads", #"{"after":["L00000002000"]}"#])
            #expect(try await bench.run(file)["read"] == 1_000)
        }
    }

    @Test func aKeyThatIsNotUniqueIsRefused() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: ["  cursor: updated_at\n": "", "key: [id]": "key: [country]"])
            let output = try await bench.program.run(["run", file])
            #expect(output.status == 1)
            #expect(output.standardError.contains("`key` does not tell rows apart"), "\(output.standardError)")
        }
    }
}
