import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// What a cursor cannot promise.
@Suite struct ReservationTests {
    private static let settings: [String: ConfigurationNode] = ["key": ["id"], "cursor": "changed"]
    private static let script = """
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere');
        CREATE USER MAPPING FOR current_user SERVER elsewhere;
        CREATE TABLE leads (id int PRIMARY KEY, changed timestamptz);
        CREATE FOREIGN TABLE far (id int, changed timestamptz) SERVER elsewhere;
        CREATE VIEW view_of_leads AS SELECT * FROM leads;
        CREATE VIEW view_of_far AS SELECT * FROM leads UNION ALL SELECT * FROM far;
        CREATE MATERIALIZED VIEW snapshot AS SELECT * FROM leads;
        CREATE VIEW view_of_snapshot AS SELECT s.* FROM snapshot AS s JOIN view_of_leads USING (id);
        CREATE TABLE parts (id int, changed timestamptz) PARTITION BY RANGE (id);
        CREATE FOREIGN TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9) SERVER elsewhere;
        """

    @Test func whereRowsComeFromIsSeenThroughViews() async throws {
        let database = try await Database(Self.script)
        for (relation, expected) in [
            ("leads", nil), ("view_of_leads", nil), ("far", "a foreign table"), ("view_of_far", "a foreign table"),
            ("parts", "a foreign table"), ("snapshot", "the materialized view snapshot"),
            ("view_of_snapshot", "the materialized view snapshot"),
        ] as [(String, String?)] {
            for what: [String: ConfigurationNode] in [
                ["table": .init(stringLiteral: relation)],
                ["query": .init(stringLiteral: "SELECT * FROM \(relation)")],
            ] {
                let settings = Self.settings.merging(what) { $1 }
                let reader = try await database.source(settings).open(after: nil)
                await reader.close()
                #expect(reader.reservations.count == (expected == nil ? 0 : 1), "\(relation): \(reader.reservations)")
                if let expected { #expect(reader.reservations.first?.contains(expected) == true) }
                let lagging = try await database.source(settings.merging(["lag": "1h"]) { $1 }).open(after: nil)
                await lagging.close()
                #expect(lagging.reservations.isEmpty)
            }
        }
    }
}
