import PostgresClient
import Testing

/// What a cursor can promise, and what is said where it cannot.
@Suite struct CursorTests {
    @Test func aRoleThatCannotSeeOthersIsTold() async throws {
        try await Workbench.with(leads: 10) { bench in
            try await bench.crm.execute(
                script: """
                    DROP ROLE IF EXISTS reader_of_cursor_tests;
                    CREATE ROLE reader_of_cursor_tests LOGIN;
                    GRANT USAGE ON SCHEMA crm TO reader_of_cursor_tests;
                    GRANT SELECT ON crm.leads TO reader_of_cursor_tests;
                    """
            )
            var program = bench.program
            program.environment["CRM_DATABASE_URL"] =
                bench.crmDatabase.with(["user": "reader_of_cursor_tests"]).connectionString
            let file = try bench.pipeline()
            let told = try await program.run(["validate", "--online", file])
            #expect(told.status == 0, "\(told.standardError)")
            #expect(told.standardError.contains("GRANT pg_read_all_stats"), "\(told.standardError)")
            let run = try await program.run(["run", file])
            #expect(run.standardError.contains("GRANT pg_read_all_stats"), "\(run.standardError)")
            let lagging = try bench.pipeline(replacing: ["cursor: updated_at": "cursor: updated_at\n  lag: 5m"])
            #expect(try await program.run(["validate", "--online", lagging]).standardError.isEmpty)
            #expect(try await bench.program.run(["validate", "--online", file]).standardError.isEmpty)
            try await bench.crm.execute(
                script: "DROP OWNED BY reader_of_cursor_tests; DROP ROLE reader_of_cursor_tests"
            )
        }
    }

    @Test func withALagTheNextRunStartsThatLongAgo() async throws {
        try await Workbench.with(leads: 10) { bench in
            // One row a minute up to now, by an application's clock.
            try await bench.crm.execute(
                script: "UPDATE crm.leads SET updated_at = now() - (10 - id) * interval '1 minute'"
            )
            let file = try bench.pipeline(
                replacing: Workbench.everyone.merging(["cursor: updated_at": "cursor: updated_at\n  lag: 330s"]) { $1 }
            )
            #expect(try await bench.run(file)["delivered"] == 10)
            // Committed only now, with a time of five minutes ago.
            try await bench.crm.execute(
                script: """
                    INSERT INTO crm.leads SELECT 11, first_name, last_name, company, phone, email, country, zip, status, consent,
                        score, now() - interval '5 minutes' FROM crm.leads WHERE id = 1
                    """
            )
            let balance = try await bench.run(file)
            #expect(balance["delivered"] == 1)
            #expect(balance["unchanged"] == 6)
            #expect(try await bench.differences(expecting: "true") == [])
        }
    }

    @Test func aLagForACounterIsRefused() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: ["cursor: updated_at": "cursor: id\n  lag: 5m"])
            let refused = try await bench.program.run(["validate", "--online", file])
            #expect(refused.status == 5)
            #expect(refused.standardError.contains("`lag` needs a cursor that is a time"), "\(refused.standardError)")
        }
    }

    @Test func microsecondsAndTimeZonesKeepTheirPlace() async throws {
        try await Workbench.with(leads: 3) { bench in
            try await bench.crm.execute(
                script: """
                    SET timezone = 'Asia/Kolkata';
                    UPDATE crm.leads SET updated_at = timestamptz '2026-03-29 02:59:59.999999+01' + (id - 1) * interval '1 microsecond'
                    """
            )
            var program = bench.program
            program.environment["PGTZ"] = "America/St_Johns"
            let file = try bench.pipeline(replacing: Workbench.everyone)
            _ = try await program.run(["run", file])
            let shown = try await program.run(["checkpoint", "show", "crm-leads"]).standardOutput
            #expect(shown.contains("2026-03-29T02:00:00.000001Z"), "\(shown)")
            let next = try await program.run(["run", "--json", "--quiet", file]).json()
            #expect((next["balance"] as? [String: Int])?["read"] == 1)
        }
    }
}
