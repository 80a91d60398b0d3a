import Foundation
import PostgresClient
import Testing

/// Runs that join rows with a table, by the program and its example.
@Suite struct LookupTests {
    private func example(_ bench: Workbench) throws -> String {
        let file = Workbench.repository.appending(path: "pipelines/consent-lookup.yaml")
        return try bench.program.write(try String(contentsOf: file, encoding: .utf8), to: "consent-lookup.yaml")
    }

    private static let consents = """
        CREATE SCHEMA privacy;
        CREATE TABLE privacy.consents (person_id int, consented boolean, answered_on date);
        INSERT INTO privacy.consents SELECT id, id <> 3, '2026-01-31' FROM generate_series(1, 6) AS id;
        INSERT INTO privacy.consents VALUES (4, false, '2026-02-01'), (3, true, '2026-02-01');
        UPDATE crm.leads SET status = 'open', phone = '+3021012345' || lpad(id::text, 2, '0');
        """

    @Test func whoWithdrawsConsentOrIsBlockedIsNotCalledAnyMoreThoughTheLeadStaysTheSame() async throws {
        try await Workbench.with(leads: 8) { bench in
            var program = bench.program
            program.environment["CONSENT_DATABASE_URL"] = bench.crmDatabase.connectionString
            try await bench.crm.execute(script: Self.consents)
            let file = try example(bench)
            _ = try program.write("phone,since\n+302101234506,2026\n", to: "blocked.csv")

            let online = try await program.run(["validate", "--online", file])
            #expect(online.status == 0, "\(online.standardError)")
            let preview = try await program.run(["preview", "--json", file])
            #expect(preview.standardOutput.contains(#""LeadId":"3""#), "\(preview.standardOutput)")

            func run() async throws -> Program.Output {
                let output = try await program.run(["run", "--json", "--max-removed", "100%", file])
                #expect(output.status == 0, "\(output.standardError)")
                return output
            }
            func callable() async throws -> [String] {
                try await bench.contacts(onList: "Consenting leads").filter { $0["callable"] as? Bool == true }
                    .compactMap { $0["id"] as? String }.sorted()
            }
            _ = try await run()
            #expect(try await callable() == ["1", "2", "3", "5"])

            try await bench.crm.execute(script: "INSERT INTO privacy.consents VALUES (2, false, '2026-03-01')")
            let withdrawn = try await run()
            #expect(withdrawn.standardError.contains("transform lookup: the table has changed"))
            #expect(try await callable() == ["1", "3", "5"])

            _ = try program.write("since,phone\n2026,+302101234506\n2026,+302101234505\n", to: "blocked.csv")
            _ = try await run()
            #expect(try await callable() == ["1", "3"])

            let quiet = try await run()
            #expect(!quiet.standardError.contains("has changed"))
            let reconciled = try await program.run(["reconcile", file])
            #expect(reconciled.status == 0, "\(reconciled.standardOutput)\(reconciled.standardError)")

            // A line that nobody can read might be about anybody.
            _ = try program.write("phone,since\n+302101234506,2026\n\"+30210,2026\n", to: "blocked.csv")
            let broken = try await program.run(["run", file])
            #expect(broken.status == 5)
            #expect(broken.standardError.contains("transform lookup: the table has a row that cannot be used"))
            #expect(broken.standardError.contains("blocked.csv:3"))
            #expect(!broken.standardError.contains("+30210"))
            #expect(try await callable() == ["1", "3"])
        }
    }
}
