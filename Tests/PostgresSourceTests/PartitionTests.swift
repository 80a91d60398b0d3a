import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// A table that is read in several parts at once.
@Suite struct PartitionTests {
    private static let script = """
        CREATE TABLE leads (id int PRIMARY KEY, phone text);
        INSERT INTO leads SELECT id, 'phone ' || id FROM generate_series(1, 500) AS id;
        """
    private static let settings: [String: ConfigurationNode] = ["table": "leads", "key": ["id"], "partitions": 3]

    private func source(
        _ database: Database,
        _ more: [String: ConfigurationNode] = [:],
        rowsPerPiece: Int = 7
    ) throws -> PostgresSource {
        var source = try database.source(Self.settings.merging(more) { $1 })
        source.rowsPerPiece = rowsPerPiece
        return source
    }

    @Test func theOrderIsTheSameInAnyBatchesAndEachTime() async throws {
        let database = try await Database(Self.script)
        let source = try source(database)
        let reader = try await source.open(after: nil)
        let first = try await reader.rest(atMost: 1_000)
        #expect(first[7][0] != "8", "the parts are not read by turns")
        #expect(Set(first).count == 500)
        #expect(first.count == 500)
        for rowCount in [1, 3, 7, 10] {
            #expect(try await reader.rewind())
            #expect(try await reader.rest(atMost: rowCount) == first)
        }
        await reader.close()
        #expect(try await source.read().rows == first)
    }

    @Test(arguments: ["int", "numeric", "text", "date", "uuid"])
    func rangesAreInTheOrderOfTheirType(_ type: String) async throws {
        let value =
            switch type {
            case "date": "DATE '2000-01-01' + id"
            case "uuid": "md5(id::text)::uuid"
            default: "id::\(type)"
            }
        let database = try await Database(
            "CREATE TABLE leads AS SELECT \(value) AS id FROM generate_series(-90, 1100) AS id"
        )
        let rows = try await source(database, ["partitions": 7]).read().rows
        #expect(rows.count == 1_191)
        #expect(Set(rows).count == 1_191)
    }

    @Test func allPartsSeeOneSnapshot() async throws {
        let database = try await Database(Self.script)
        let reader = try await source(database).open(after: nil)
        _ = try await reader.next(atMost: 1)
        try await database.connection.execute(
            script: "UPDATE leads SET phone = 'new'; INSERT INTO leads VALUES (0, 'new'), (250000, 'new')"
        )
        let rows = try await reader.rest()
        #expect(rows.count == 499)
        #expect(!rows.contains { $0[1] == "new" })
        await reader.close()
    }

    /// Interrupted at random, by runs with any number of parts, while other rows come and go.
    @Test(arguments: 0..<20)
    func whatWasThereAllTheTimeIsReadOnce(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let database = try await Database(
            #"""
            CREATE TABLE leads (part text COLLATE "C", id int, PRIMARY KEY (part, id));
            INSERT INTO leads SELECT chr(40 + id % 60) || CASE WHEN id % 7 = 0 THEN E'\\\'\t' ELSE '' END, id
            FROM generate_series(1, 400) AS id;
            """#
        )
        let expected = try await database.connection.query("SELECT part, id FROM leads").map { [$0[0], $0[1]] }
        var position: Position?
        var found: [[String?]] = []
        var openings = 0
        var isThrough = false
        while !isThrough, openings < 1_000 {
            let count = Int.random(in: 1...6, using: &random)
            let source = try source(
                database,
                ["key": ["part", "id"], "partitions": .init(integerLiteral: count)],
                rowsPerPiece: .random(in: 1...20, using: &random)
            )
            let reader = try await source.open(after: position)
            openings += 1
            for _ in 0..<Int.random(in: 1...30, using: &random) where !isThrough {
                guard let batch = try await reader.next(atMost: .random(in: 1...20, using: &random)) else {
                    isThrough = true
                    continue
                }
                found += batch.rows
                position = batch.position
            }
            await reader.close()
            let other = Int.random(in: 1_000...9_000, using: &random)
            try await database.connection.execute(
                script: """
                    DELETE FROM leads WHERE id >= 1000 AND id % 2 = \(other % 2);
                    INSERT INTO leads SELECT chr(\(40 + other % 60)), \(other) ON CONFLICT DO NOTHING;
                    """
            )
        }
        let kept = found.filter { Int($0[1] ?? "") ?? 0 < 1_000 }
        #expect(kept.count == 400, "seed \(seed), \(openings) openings")
        #expect(Set(kept) == Set(expected), "seed \(seed)")
    }

    @Test(arguments: [true, false])
    func aRowWithoutAKeyIsNotPassedBy(_ isOrdered: Bool) async throws {
        let database = try await Database("CREATE TABLE leads (id int); INSERT INTO leads VALUES (1), (2), (NULL), (3)")
        let reading = try await source(database, ["ordered": .init(booleanLiteral: isOrdered)]).read()
        if isOrdered {
            #expect(reading.failure?.contains("the key column \"id\" is NULL in a row") == true)
        } else {
            #expect(reading.failure == nil)
            #expect(Set(reading.rows) == [["1"], ["2"], ["3"], [nil]])
        }
    }

    @Test func fewRowsMakeFewParts() async throws {
        let database = try await Database("CREATE TABLE leads (id int)")
        #expect(try await source(database).read().rows.isEmpty)
        try await database.connection.query("INSERT INTO leads VALUES (1)")
        #expect(try await source(database).read().rows == [["1"]])
    }

    @Test func aPositionOfOnePartGoesOnInOne() async throws {
        let database = try await Database(Self.script)
        let rows = try await source(database).read(after: Position(json: #"{"after":["490"]}"#)).rows
        #expect(rows.map { $0[0] } == (491...500).map { "\($0)" })
    }

    @Test func aCursorIsReadInOneOrder() async throws {
        let database = try await Database(Self.script)
        let error = #expect(throws: RollcallError.self) { try source(database, ["cursor": "id"]) }
        #expect(error?.description.contains("`partitions` cannot stand beside `cursor`") == true)
    }

    @Test func thereAreOnlyAsManyConnectionsAsPartsAreLeft() async throws {
        let database = try await Database(Self.script)
        let count = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
        let left = #"{"columns":["id"],"ranges":[{"after":["100"],"to":"200"},{"over":"400"}]}"#
        let reader = try await source(database, ["partitions": 9]).open(after: Position(json: left))
        #expect(try await database.connection.query(count).first?[0] == "2")
        let expected = Array(101...200) + Array(401...500)
        #expect(Set(try await reader.rest().map { $0[0] }) == Set(expected.map { "\($0)" }))
        await reader.close()
    }
}
