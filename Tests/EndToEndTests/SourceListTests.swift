import Foundation
import Testing

/// Runs of several sources that feed one list.
@Suite struct SourceListTests {
    private func pipeline(_ bench: Workbench) throws -> String {
        try bench.program.write(
            """
            name: both
            sources:
              - name: crm
                type: postgres
                url: ${CRM_DATABASE_URL}
                query: SELECT id, phone, updated_at FROM crm.leads
                key: [id]
                cursor: updated_at
              - name: shop
                type: csv
                path: "shop.csv"
                key: [id]
                columns: { id: integer, phone: text }
            source_column: origin
            transforms:
              - type: derive
                columns: { contact: "origin || '-' || id" }
              - type: select
                columns: { ContactId: contact, Phone: phone }
            \(Workbench.sink(key: "ContactId"))

            """,
            to: "both.yaml"
        )
    }

    @Test func eachSourceHasACheckpointThatCanBeSeenAndChanged() async throws {
        try await Workbench.with(leads: 3) { bench in
            let file = try pipeline(bench)
            _ = try bench.program.write("id,phone\n1,+30211\n2,+30212\n", to: "shop.csv")
            #expect(try await bench.run(file)["delivered"] == 5)
            #expect(try await bench.program.run(["reconcile", file]).status == 0)
            let shown = try await bench.program.run(["checkpoint", "show", "both"]).standardOutput
            #expect(shown.hasPrefix("crm  {\""), "\(shown)")
            // The file is read as a whole, the table from its bookmark.
            let second = try await bench.run(file)
            #expect(second["delivered"] == 0)
            let reset = try await bench.program.run(["checkpoint", "reset", "both", "--source", "crm"])
            #expect(reset.standardOutput == "the next run of both reads crm from its beginning\n")
            let again = try await bench.program.run(["checkpoint", "reset", "both", "--source", "crm"])
            #expect(again.standardOutput == "there is nothing to reset: no position of crm is kept\n")
            #expect(try await bench.run(file)["read"] == 5)
            let set = try await bench.program.run(
                ["checkpoint", "set", "both", "--source", "crm", #"{"from":"2999-01-01T00:00:00Z"}"#]
            )
            #expect(set.standardOutput.hasSuffix("in crm\n"), "\(set)")
            #expect(try await bench.run(file)["read"] == 2)
        }
    }

    @Test func aPersonIsErasedByTheKeyThatBeginsWithTheSource() async throws {
        try await Workbench.with(leads: 3, simulator: Workbench.withDeletion) { bench in
            let file = try pipeline(bench)
            _ = try bench.program.write("id,phone\n1,+30211\n2,+30212\n", to: "shop.csv")
            _ = try await bench.run(file)
            _ = try bench.program.write("id,phone\n2,+30212\n", to: "shop.csv")
            let erased = try await bench.program.run(["erase", "--key", "shop/1", file])
            #expect(erased.status == 0, "\(erased.standardError)")
            #expect(Set(try await bench.values(of: "Phone").keys) == ["crm-1", "crm-2", "crm-3", "shop-2"])
        }
    }
}
