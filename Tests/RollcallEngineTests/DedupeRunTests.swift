import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// A step that must know every row before a row, in runs that go on from checkpoints and die at random.
@Suite struct DedupeRunTests {
    @Test(arguments: 0..<4)
    func theListHasTheFirstRowOfEachPhoneHoweverRunsEnd(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try await ListWorld("dedupe-\(seed)")
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, updated_at timestamptz NOT NULL DEFAULT now());
                INSERT INTO leads (id, phone) SELECT id, id % 17 FROM generate_series(1, 60) AS id;
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
            transforms:
              - { type: dedupe, columns: [phone] }
              - { type: select, columns: { Id: id, Phone: phone } }
              - { type: fragile, world: \(world.name) }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        for _ in 0..<12 {
            let id = Int.random(in: 1...60, using: &random)
            let phone = Int.random(in: 0..<17, using: &random)
            try await world.crm.query("UPDATE leads SET phone = '\(phone)', updated_at = now() WHERE id = \(id)")
            if Bool.random(using: &random) { world.arm(after: .random(in: 1...10, using: &random)) }
            let report = try await world.run(pipeline)
            let died = world.isDead
            world.disarm()
            guard report != nil, !died else { continue }
            let expected = try await world.crm.query(
                "SELECT id FROM (SELECT DISTINCT ON (phone) id FROM leads ORDER BY phone, updated_at, id) AS first"
            )
            #expect(Set(world.contacts.keys) == Set(expected.compactMap { $0[0] }), "seed \(seed)")
        }
        await world.close()
    }
}
