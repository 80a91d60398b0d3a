import BuiltIns
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// A step that must know every row before a row, in runs that go on from checkpoints and die at random.
@Suite struct DedupeRunTests {
    private static let kept = [
        ("first", "updated_at, id"), ("last", "updated_at DESC, id DESC"),
        ("largest, by: score", "score DESC NULLS LAST, updated_at, id"),
    ]

    @Test(arguments: 0..<3, kept)
    func theListHasOneRowOfEachPhoneHoweverRunsEnd(_ seed: UInt64, _ kept: (keep: String, order: String)) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try await ListWorld("dedupe-\(kept.keep.prefix(5))-\(seed)")
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (
                    id int PRIMARY KEY, phone text, score numeric, updated_at timestamptz NOT NULL DEFAULT now()
                );
                INSERT INTO leads (id, phone, score)
                SELECT id, id % 17, CASE WHEN id % 4 > 0 THEN id * 7 % 30 END FROM generate_series(1, 60) AS id;
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
            transforms:
              - { type: dedupe, columns: [phone], keep: \(kept.keep) }
              - { type: select, columns: { Id: id, Phone: phone } }
              - { type: fragile, world: \(world.name) }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        for _ in 0..<12 {
            let id = Int.random(in: 1...60, using: &random)
            let phone = Int.random(in: 0..<17, using: &random)
            let score = Int.random(in: -5..<300, using: &random)
            try await world.crm.query(
                "UPDATE leads SET phone = '\(phone)', score = \(score) / 10.0, updated_at = now() WHERE id = \(id)"
            )
            if Bool.random(using: &random) { world.arm(after: .random(in: 1...10, using: &random)) }
            let report = try await world.run(pipeline)
            let died = world.isDead
            world.disarm()
            guard report != nil, !died else { continue }
            let expected = try await world.crm.query(
                """
                SELECT id FROM (
                    SELECT DISTINCT ON (phone) id FROM leads ORDER BY phone, \(kept.order)
                ) AS kept
                """
            )
            #expect(Set(world.contacts.keys) == Set(expected.compactMap { $0[0] }), "seed \(seed)")
        }
        await world.close()
    }

    // MARK: - Sources and steps

    private func preview(_ transforms: String, key: String = "[id]", path: String) async throws -> Preview {
        let text = """
            name: leads
            source: { type: csv, path: "\(path)", key: \(key), columns: { id: integer, phone: text, score: decimal } }
            transforms: [\(transforms)]
            sink: { type: discard }
            """
        return try await Preview.read(
            try PipelineLoader(plugins: .builtIn, environment: [:]).load(text, file: "p.yaml"),
            rows: 100
        )
    }

    /// Each such step sees what those before it let through, from the first row on.
    @Test func severalStepsThatSeeAllRowsFirstFollowEachOther() async throws {
        let folder = try TestFolder()
        let text = "id,phone,score\n1,a,1\n2,a,3\n3,b,3\n4,b,2\n5,c,3\n6,c,3\n7,d,0\n8,d,9\n"
        let path = try folder.write(Array(text.utf8), to: "leads.csv")
        // Without 8: of a 2, of b 3, of c 5, of d 7; of those with the score 3 the last.
        let preview = try await preview(
            """
            { type: limit, rows: 7 }, { type: dedupe, columns: [phone], keep: largest, by: score },
            { type: dedupe, columns: [score], keep: last }, { type: sample, share: 100% , key: [id] }
            """,
            path: path
        )
        #expect(preview.rows.map { $0.values[0] } == ["5", "7"])
        #expect(preview.balance.read == 8)
        #expect(preview.balance.filtered == 6)
    }

    @Test func aSourceThatCanBeReadOnlyOnceIsNoneForSuchAStep() async throws {
        let chain = try TransformChain(
            try PipelineLoader(plugins: .builtIn, environment: [:]).load(
                """
                name: leads
                source: { type: csv, path: rows.csv, key: [id], columns: { id: integer } }
                transforms:
                  - { type: dedupe, columns: [id], keep: last }
                sink: { type: discard }
                """,
                file: "p.yaml"
            ).transforms,
            input: try Schema([.init("id", .integer)])
        )
        let rows = RowsSource(key: ["id"], [try Batch.of([.init("id", .integer)], [["1"]])])
        let reader = try await rows.open(after: nil) { Set($0.names) }
        let error = await #expect(throws: RollcallError.self) { try await chain.survey(reader) }
        #expect(
            error?.description.hasPrefix(
                "p.yaml:4: transform dedupe: must see all rows before the first one goes on, and those of the source"
            ) == true
        )
        #expect(error?.disposition == .preflight)
    }
}
