import PostgresClient
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
    @Test func aTableThatASubscriptionFillsIsNamed() async throws {
        let database = try await Database(
            """
            CREATE TABLE leads (id int PRIMARY KEY, changed timestamptz);
            CREATE TABLE own (id int PRIMARY KEY, changed timestamptz);
            CREATE VIEW both_of_them AS SELECT * FROM leads JOIN own USING (id, changed);
            CREATE SUBSCRIPTION far CONNECTION 'host=/nowhere' PUBLICATION leads WITH (connect = false, slot_name = NONE);
            INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate)
            SELECT oid, 'leads'::regclass, 'r' FROM pg_subscription WHERE subname = 'far';
            """
        )
        for (relation, isFilled) in [("leads", true), ("both_of_them", true), ("own", false)] {
            let settings = Self.settings.merging(["table": .init(stringLiteral: relation)]) { $1 }
            let reader = try await database.source(settings).open(after: nil)
            await reader.close()
            #expect(reader.reservations.count == (isFilled ? 1 : 0), "\(relation): \(reader.reservations)")
            if isFilled { #expect(reader.reservations.first?.contains("a subscription fills leads,") == true) }
        }
        try await database.connection.execute(script: "DROP SUBSCRIPTION far")
    }

    @Test func sessionsThatHideTheirTransactionsAreTold() async throws {
        let database = try await Database("CREATE TABLE leads (id int PRIMARY KEY, changed timestamptz)")
        let settings = Self.settings.merging(["table": "leads"]) { $1 }
        func reservations() async throws -> [String] {
            let reader = try await database.source(settings).open(after: nil)
            await reader.close()
            return reader.reservations
        }
        #expect(try await reservations().isEmpty)
        try await database.connection.query("SET track_activities = off")
        let hidden = try await reservations()
        #expect(hidden.count == 1)
        #expect(hidden.first?.contains("sessions with `track_activities = off` hide their transactions") == true)
        try await database.connection.query("SET track_activities = on")
        #expect(try await reservations().isEmpty)
    }

    /// Clocks west of here show less: what they write goes unseen by a cursor that is already at the time here.
    @Test(arguments: ["UTC", "Asia/Tokyo", "America/Anchorage"])
    func aTimeWithoutAZoneMayBeOfAnyClock(_ zoneOfTheServer: String) async throws {
        let database = try await Database(
            """
            CREATE TABLE leads (id int PRIMARY KEY, changed timestamp);
            INSERT INTO leads VALUES (1, now() AT TIME ZONE 'Asia/Tokyo');
            """
        )
        try await database.connection.execute(
            script:
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), '\(zoneOfTheServer)'); END $$"
        )
        let source = try database.source(Self.settings.merging(["table": "leads"]) { $1 })
        let end = try await source.open(after: nil).end()
        // The clock of Baker Island.
        try await database.connection.query("INSERT INTO leads VALUES (2, now() AT TIME ZONE 'Etc/GMT+12')")
        let next = try await source.open(after: end)
        let rows = try await next.rest()
        await next.close()
        #expect(rows.contains { $0.first == "2" }, "\(rows)")
    }
}
