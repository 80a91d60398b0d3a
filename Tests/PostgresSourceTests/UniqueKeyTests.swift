import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// Whether the catalog says that each key has one row.
@Suite struct UniqueKeyTests {
    private static let tables = """
        CREATE TABLE keyed (id int PRIMARY KEY, zone int NOT NULL, phone text);
        CREATE TABLE pairs (id int, zone int, phone text, PRIMARY KEY (zone, id));
        CREATE TABLE covering (id uuid, zone text, PRIMARY KEY (id) INCLUDE (zone));
        CREATE DOMAIN number AS numeric(10, 2);
        CREATE TABLE domains (id number PRIMARY KEY, zone text);
        CREATE TABLE texts (id text PRIMARY KEY, zone text);
        CREATE TABLE functions (id regproc PRIMARY KEY, zone text);
        CREATE TABLE parts (id int PRIMARY KEY, zone text) PARTITION BY RANGE (id);
        CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
        CREATE TABLE bare (id int NOT NULL, zone text);
        CREATE INDEX ON bare (id);
        CREATE TABLE loose (id int PRIMARY KEY, zone text) PARTITION BY RANGE (id);
        ALTER TABLE loose DROP CONSTRAINT loose_pkey;
        CREATE TABLE loose_low PARTITION OF loose FOR VALUES FROM (0) TO (100);
        ALTER TABLE ONLY loose ADD PRIMARY KEY (id);
        CREATE TABLE nullable (id int UNIQUE, zone text);
        CREATE TABLE partial (id int NOT NULL, zone text);
        CREATE UNIQUE INDEX ON partial (id) WHERE zone = 'x';
        CREATE TABLE expression (id text NOT NULL, zone text);
        CREATE UNIQUE INDEX ON expression (id, lower(zone));
        CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, zone text);
        CREATE TABLE parent (id int PRIMARY KEY, zone text);
        CREATE TABLE child () INHERITS (parent);
        CREATE VIEW seen AS SELECT * FROM keyed;
        """

    @Test func whereTheCatalogMayNotBeReadNobodyCanTell() async throws {
        let database = try await Database("CREATE TABLE keyed (id int PRIMARY KEY); INSERT INTO keyed VALUES (7)")
        let role = "reader_\(UInt32.random(in: 0...UInt32.max))"
        try await database.connection.execute(
            script: """
                CREATE ROLE \(role) LOGIN; GRANT SELECT ON keyed TO \(role);
                REVOKE SELECT ON pg_catalog.pg_index FROM PUBLIC;
                """
        )
        let url = database.configuration.connectionString + " user=\(role)"
        let reader = try await database.source(
            ["url": .init(stringLiteral: url), "table": "keyed", "key": ["id"]]
        ).open(after: nil)
        #expect(!reader.keysAreUnique)
        #expect(try await reader.rest() == [["7"]])
        await reader.close()
        try await database.connection.execute(script: "DROP OWNED BY \(role); DROP ROLE \(role)")
    }

    @Test(arguments: [
        ("keyed", ["id"], true), ("keyed", ["id", "zone"], true), ("keyed", ["zone"], false),
        ("pairs", ["id", "zone"], true), ("pairs", ["id"], false), ("domains", ["id"], true), ("texts", ["id"], false),
        ("functions", ["id"], false), ("covering", ["id"], true), ("parts", ["id"], true),
        ("bare", ["id"], false), ("nullable", ["id"], false), ("partial", ["id"], false),
        ("expression", ["id", "zone"], false), ("loose", ["id"], false), ("deferred", ["id"], false),
        ("parent", ["id"], false),
        ("seen", ["id"], false),
    ])
    func onlyAnIndexOfAllRowsMakesKeysUnique(table: String, key: [String], expected: Bool) async throws {
        let database = try await Database(Self.tables)
        let place = SourceLocation(file: "test.yaml", line: 1)
        let names = ConfigurationNode.sequence(key.map { .init(stringLiteral: $0) }, place)
        for extra: [String: ConfigurationNode] in [[:], ["partitions": 2]] {
            let settings = extra.merging(["table": .init(stringLiteral: table), "key": names]) { first, _ in first }
            let reader = try await database.source(settings).open(after: nil)
            #expect(reader.keysAreUnique == expected)
            await reader.close()
        }
        let query = try database.source(["query": .init(stringLiteral: "SELECT * FROM \(table)"), "key": names])
        let reader = try await query.open(after: nil)
        #expect(!reader.keysAreUnique)
        await reader.close()
    }
}
