import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// Several sources that feed one list.
@Suite struct SourceListTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A CRM table and a file, each with a row of its own and one that both have.
    func world(_ name: String) async throws -> ListWorld {
        let world = try await ListWorld(name)
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, note text, updated_at timestamptz DEFAULT now());
                INSERT INTO leads (id, phone) VALUES (1, 'crm 1'), (2, 'crm 2');
                """
        )
        try folder.write(Array("id,phone,colour\n2,shop 2,red\n3,shop 3,blue\n".utf8), to: "shop.csv")
        return world
    }

    func pipeline(
        _ world: ListWorld,
        top: String = "",
        steps: String = "",
        columns: String = "{ Id: id, Phone: phone }",
        cursor: String = ""
    ) throws -> Pipeline {
        try world.pipeline(
            """
            name: leads
            \(top)
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id]\(cursor) }
              - name: shop
                type: csv
                path: \(folder.path)/shop.csv
                key: [id]
                columns: { id: integer, phone: text, colour: text }
            transforms:
              \(steps)
              - { type: select, columns: \(columns) }
              - { type: fragile, world: \(world.name) }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
    }

    func list(_ world: ListWorld) -> [String: String?] { world.contacts.mapValues { $0.values[1] } }

    @Test func theRowsOfAllSourcesReachTheListAndOfOneKeyTheLastCounts() async throws {
        let world = try await world("several")
        let report = try #require(try await world.run(pipeline(world)))
        #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
        #expect(report.balance.read == 4)
        #expect(report.balance.filtered == 1)
        #expect(world.posts == 3)
        await world.close()
    }

    @Test func aSourceMovesIntoAListAndBack() async throws {
        let world = try await world("several-moved")
        let source = "type: postgres, url: \"${CRM}\", table: leads, key: [id], cursor: updated_at"
        for sources in ["source: { \(source) }", "sources: [{ name: crm, \(source) }]", "source: { \(source) }"] {
            let pipeline = try world.pipeline(
                """
                name: leads
                \(sources)
                transforms: [{ type: select, columns: { Id: id, Phone: phone } }]
                sink: { type: list, world: \(world.name) }
                """
            )
            let report = try #require(try await world.run(pipeline))
            #expect(report.balance.read == 2)
            #expect(world.posts == 2)
        }
        await world.close()
    }

    @Test func withAColumnForItsSourceARowIsAnotherThanOneOfTheSameKeyElsewhere() async throws {
        let world = try await world("several-named")
        let pipeline = try pipeline(
            world,
            top: "source_column: origin",
            steps: #"- { type: derive, columns: { contact: "origin || '-' || id" } }"#,
            columns: "{ Id: contact, Phone: phone }",
            cursor: ", cursor: updated_at"
        )
        #expect(pipeline.sources.keyColumns == ["origin", "id"])
        try await world.run(pipeline)
        #expect(list(world) == ["crm-1": "crm 1", "crm-2": "crm 2", "shop-2": "shop 2", "shop-3": "shop 3"])
        try folder.write(Array("id,phone,colour\n3,shop 3,blue\n".utf8), to: "shop.csv")
        try await world.run(pipeline, sweeps: true)
        #expect(list(world) == ["crm-1": "crm 1", "crm-2": "crm 2", "shop-3": "shop 3"])
        await world.close()
    }

    @Test func eachSourceGoesOnFromAPositionOfItsOwn() async throws {
        let world = try await ListWorld("several-positions")
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, updated_at timestamptz);
                INSERT INTO leads SELECT id, 'crm ' || id, '2026-01-01' FROM generate_series(1, 20) AS id;
                CREATE TABLE customers (LIKE leads INCLUDING ALL);
                INSERT INTO customers SELECT id, 'shop ' || id, '2026-02-01' FROM generate_series(21, 40) AS id;
                UPDATE leads SET updated_at = '2026-01-02' WHERE id = 20;
                UPDATE customers SET updated_at = '2026-02-02' WHERE id = 40;
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
              - { name: shop, type: postgres, url: "${CRM}", table: customers, key: [id], cursor: updated_at }
            source_column: origin
            transforms: [{ type: select, columns: { Id: id, Phone: phone } }]
            sink: { type: list, world: \(world.name) }
            """
        )
        let first = try #require(try await world.run(pipeline))
        #expect(first.balance.read == 40)
        try await world.crm.query("UPDATE leads SET phone = 'new', updated_at = '2026-01-03' WHERE id = 7")
        // The last row of each is read again, for the bookmark is inclusive.
        let second = try #require(try await world.run(pipeline))
        #expect(second.balance.read == 3)
        #expect(second.balance.delivered == 1)
        #expect(world.contacts["7"]?.values == ["7", "new"])
        await world.close()
    }

    @Test(arguments: 0..<6)
    func theListHasTheRowsOfAllSourcesHoweverRunsEnd(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try await ListWorld("several-\(seed)")
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, updated_at timestamptz DEFAULT now());
                INSERT INTO leads (id, phone) SELECT id, 'crm ' || id FROM generate_series(1, 30) AS id;
                CREATE TABLE customers (LIKE leads INCLUDING ALL);
                INSERT INTO customers (id, phone) SELECT id, 'shop ' || id FROM generate_series(31, 60) AS id;
                """
        )
        // One of the two with a cursor, or none, or both.
        let cursors = [seed % 2 == 0, seed % 3 == 0].map { $0 ? ", cursor: updated_at" : "" }
        let pipeline = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id]\(cursors[0]) }
              - { name: shop, type: postgres, url: "${CRM}", table: customers, key: [id]\(cursors[1]) }
            transforms:
              - { type: select, columns: { Id: id, Phone: phone } }
              - { type: fragile, world: \(world.name) }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        for round in 0..<20 {
            let table = Bool.random(using: &random) ? "leads" : "customers"
            let id = Int.random(in: table == "leads" ? 1...30 : 31...60, using: &random)
            try await world.crm.query(
                "UPDATE \(table) SET phone = 'round \(round)', updated_at = now() WHERE id = \(id)"
            )
            if Bool.random(using: &random) { world.arm(after: .random(in: 1...12, using: &random)) }
            try await world.run(pipeline)
            world.disarm()
        }
        try await world.crm.query("DELETE FROM customers WHERE id = 45")
        // The first goes on where a dead one stopped; the second sees what came up meanwhile in what that one had read.
        try await world.run(pipeline)
        try await world.run(pipeline)
        try await world.run(pipeline, sweeps: true)
        let expected = try await world.crm.query(
            "SELECT id, phone FROM leads UNION ALL SELECT id, phone FROM customers"
        )
        #expect(list(world) == Dictionary(expected.map { ($0[0] ?? "", $0[1]) }) { $1 }, "seed \(seed)")
        await world.close()
    }

    @Test func aRowIsLookedUpInTheSourceThatItsKeyNames() async throws {
        let world = try await world("several-lookups")
        try await world.crm.execute(script: "CREATE TABLE customers AS SELECT id, 'shop ' || id AS phone FROM leads")
        let pipeline = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: postgres, url: "${CRM}", table: customers, key: [id] }
            source_column: origin
            transforms: [{ type: select, columns: { Id: id, Phone: phone, Origin: origin } }]
            sink: { type: list, world: \(world.name) }
            """
        )
        let reader = try await pipeline.openSource()
        let found = try await reader.rows(withKeys: [["shop", "2"], ["crm", "1"], ["crm", "77"], ["else", "1"]])
        #expect(found?.schema.names == ["origin", "id", "phone"])
        #expect(found?.rows == [["crm", "1", "crm 1"], ["shop", "2", "shop 2"]])
        await reader.close()
        await world.close()
    }

    @Test func sourcesWithOtherColumnsAreToldApartBeforeTheFirstRow() async throws {
        let world = try await world("several-columns")
        let coloured = try pipeline(world, columns: "{ Id: id, Colour: colour }")
        let unknown = try await #require(throws: RollcallError.self) { _ = try await coloured.openSource() }
        #expect(unknown.description.contains("`columns` names no column: \"colour\" (rows of the source `crm`)"))
        let noted = #expect(throws: RollcallError.self) { try pipeline(world, columns: "{ Id: id, Note: note }") }
        #expect(noted?.description.contains("names no column: \"note\" (rows of the source `shop`)") == true)
        let typed = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: csv, path: \(folder.path)/shop.csv, key: [id] }
            transforms: [{ type: select, columns: { Id: id, Phone: phone } }]
            sink: { type: list, world: \(world.name) }
            """
        )
        let clash = try await #require(throws: RollcallError.self) { _ = try await typed.openSource() }
        #expect(clash.description.contains("several-columns.yaml:4: source `shop`: the column \"id\" is text here"))
        let whole = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: csv, path: \(folder.path)/shop.csv, key: [id] }
            sink: { type: list, world: \(world.name) }
            """
        )
        let different = try await #require(throws: RollcallError.self) { _ = try await whole.openSource() }
        #expect(different.description.contains("source `shop`: has no column \"note\", \"updated_at\""))
        await world.close()
    }
}

@Suite struct SourcePositionsTests {
    @Test func aPositionComesBackLetterByLetter() throws {
        let one = Position(json: #"{ "from" : 1.10, "é": "\u00e9\"" }"#)
        let kept = try #require(try SourcePositions(["a/b": one]).position)
        #expect(SourcePositions(kept)?.bySource == ["a/b": one])
    }

    @Test func whereAllSourcesBeginAtTheBeginningNothingIsKept() throws {
        #expect(try SourcePositions().position == nil)
    }

    @Test func aPositionOfOneSourceIsNoneOfAList() {
        #expect(SourcePositions(Position(json: #"{"from":"x"}"#)) == nil)
        #expect(SourcePositions(Position(json: "7")) == nil)
    }
}
