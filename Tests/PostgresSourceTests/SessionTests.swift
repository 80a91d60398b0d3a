import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// What a reading leaves of itself on a connection, which a pool may give to somebody else: nothing.
@Suite struct SessionTests {
    /// Everything by which two sessions can differ, apart from names of our own, which have no value any more.
    private static let state = """
        SELECT name || '=' || setting AS entry FROM pg_settings WHERE name NOT LIKE 'transaction%'
        UNION ALL SELECT 'prepared ' || name FROM pg_prepared_statements
        UNION ALL SELECT 'cursor ' || name FROM pg_cursors
        UNION ALL SELECT 'lock ' || locktype FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'
        UNION ALL SELECT 'own ' || coalesce(current_setting('rollcall.p1', true), '')
        ORDER BY 1
        """

    /// A database whose administrator likes values to look otherwise.
    private func database() async throws -> Database {
        let database = try await Database(
            #"""
            CREATE TABLE leads (id int PRIMARY KEY, at timestamptz, raw bytea, ratio float8, length interval);
            INSERT INTO leads SELECT id, '2026-01-02 03:04:05+00', '\xff', 1 / 3.0::float8, '1 day 02:00:00'
            FROM generate_series(1, 100) AS id;
            """#
        )
        let name = try await database.connection.query("SELECT quote_ident(current_database())").first?[0] ?? ""
        for setting in [
            "datestyle = 'SQL, DMY'", "timezone = 'Asia/Kolkata'", "intervalstyle = 'iso_8601'",
            "bytea_output = 'escape'",
            "extra_float_digits = -3", "statement_timeout = '50s'",
        ] {
            try await database.connection.query("ALTER DATABASE \(name) SET \(setting)")
        }
        return database
    }

    @Test(arguments: [["ordered": false], ["cursor": "at"], ["partitions": 2]] as [[String: ConfigurationNode]])
    func aReadingLeavesNothingBehind(_ settings: [String: ConfigurationNode]) async throws {
        let database = try await database()
        let source = try database.source(["table": "leads", "key": ["id"]].merging(settings) { $1 })
        let connection = try await PostgresConnection.connect(database.configuration)
        let before = try await connection.query(Self.state).map { $0[0] }
        #expect(before.contains("DateStyle=SQL, DMY"))
        for batches in [0, 1, 1_000] {
            let reader = try await OpenRelation.reader(of: source, on: connection, from: nil) { Set($0.names) }
            _ = try await reader.rewind()
            for _ in 0..<batches {
                guard let batch = try await reader.next(atMost: 10) else { break }
                #expect(
                    batch.rows[0].dropFirst() == [
                        "2026-01-02T03:04:05Z", #"\xff"#, "0.3333333333333333", "1 day 02:00:00",
                    ]
                )
            }
            if batches == 1_000 {
                #expect(try await reader.rows(withKeys: [["7"]])?.rowCount == 1)
                _ = try await reader.finalPosition()
            }
            await connection.rollback()
            #expect(try await connection.query(Self.state).map { $0[0] } == before)
        }
        await connection.close()
    }

    @Test(arguments: [1, 3])
    func aReaderThatIsClosedLeavesNoConnection(_ partitions: Int) async throws {
        let database = try await database()
        let source = try database.source(
            ["table": "leads", "key": ["id"], "partitions": .init(integerLiteral: partitions)]
        )
        let reader = try await source.open(after: nil)
        _ = try await reader.next(atMost: 1)
        await reader.close()
        let others = """
            pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
        #expect(try await database.waitsForNone(others))
    }

    @Test func anUnorderedReadingIsTheSameEachTime() async throws {
        let database = try await database()
        let source = try database.source(["table": "leads", "key": ["id"], "ordered": false])
        let connection = try await PostgresConnection.connect(database.configuration)
        let reader = try await OpenRelation.reader(of: source, on: connection, from: nil) { Set($0.names) }
        #expect(try await reader.rewind())
        #expect(try await connection.query("SHOW synchronize_seqscans").first?[0] == "off")
        #expect(try await connection.query("SHOW max_parallel_workers_per_gather").first?[0] == "0")
        await reader.close()
    }

    @Test func theServerMayBeSilentOnlySoLong() async throws {
        let database = try await Database("CREATE TABLE leads (id int, pad text)")
        try await database.connection.query("INSERT INTO leads VALUES (1, repeat('x', 100000)), (2, '')")
        let slow: ConfigurationNode =
            "SELECT id FROM leads, LATERAL (SELECT pg_sleep(CASE id WHEN 2 THEN 60 ELSE 0 END)) AS w"
        let source = try database.source(["query": slow, "key": ["id"], "ordered": false, "read_timeout": "5s"])
        let failure = try #require(try await source.read().failure)
        #expect(failure.contains("the server has sent nothing for 5 s while an answer was due"), "\(failure)")
        #expect(failure.contains("`read_timeout`"), "\(failure)")
        // Nobody waits for it, and so it should end.
        #expect(
            try await database.waitsForNone(
                "pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%'"
            )
        )
    }

    @Test func aStandbyThatEndsAReadingIsAKnownCase() {
        let error = PostgresError(
            .query,
            "canceling statement due to conflict with recovery",
            sqlState: .serializationFailure
        )
        .readingError
        #expect(error.disposition == .fatal)
        #expect(error.description.contains("hot_standby_feedback"))
    }
}
