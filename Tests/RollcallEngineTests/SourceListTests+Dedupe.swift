import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// Rows of several sources that have one key: which of them a `dedupe` lets count.
extension SourceListTests {
    @Test func aDedupeStepCanMakeTheLastSourceCount() async throws {
        let world = try await world("several-last")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id], keep: last }")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
            #expect(report.balance.read == 4)
            #expect(report.balance.filtered == 1)
        }
        await world.close()
    }

    @Test func aDedupeStepMakesTheFirstSourceCount() async throws {
        let world = try await world("several-first")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id] }")
        for pass in 0..<3 {
            let report = try #require(try await world.run(pipeline))
            #expect(list(world) == ["1": "crm 1", "2": "crm 2", "3": "shop 3"])
            #expect(report.balance.filtered == 1)
            // The row that does not count is no sign that its contact has left.
            #expect(report.balance.delivered == (pass == 0 ? 3 : 0))
            #expect(report.balance.unchanged == (pass == 0 ? 0 : 3))
        }
        try await world.crm.query("DELETE FROM leads WHERE id = 2")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
        await world.close()
    }

    /// What steps before it leave out would not be chosen among.
    @Test(arguments: ["", ", keep: first", ", keep: last"])
    func aDedupeBehindAFilterChoosesAmongAllRows(_ keep: String) async throws {
        let world = try await world("several-behind-\(keep.count)-\(keep.suffix(4))")
        // The row that counts says no.
        let no = keep.hasSuffix("last") ? "shop 2" : "crm 2"
        let pipeline = try pipeline(
            world,
            steps: """
                - { type: filter, where: "phone <> '\(no)'" }
                  - { type: dedupe, columns: [id]\(keep) }
                """
        )
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1", "3": "shop 3"])
        await world.close()
    }

    /// By then the contacts have been delivered.
    @Test func aRowThatDedupeDropsMuchLaterTakesNoContactAway() async throws {
        let world = try await world("several-late")
        let ids = 1...10_000
        try await world.crm.execute(
            script: """
                DELETE FROM leads;
                INSERT INTO leads (id, phone) SELECT id, 'crm' FROM generate_series(1, \(ids.upperBound)) AS id;
                """
        )
        let rows = ids.map { "\($0),shop,red\n" }.joined()
        try folder.write(Array("id,phone,colour\n\(rows)".utf8), to: "shop.csv")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id] }")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(report.balance.filtered == ids.count)
            #expect(report.balance.removed == 0)
            #expect(list(world).count(where: { $0.value == "crm" }) == ids.count)
        }
        await world.close()
    }
}
