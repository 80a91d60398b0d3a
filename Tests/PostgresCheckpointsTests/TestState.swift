import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

/// A state database of a test's own, with a second connection to look into it and to do it harm.
struct TestState {
    let configuration: PostgresConfiguration
    let store: StateStore
    let inspector: PostgresConnection

    init() async throws {
        configuration = try await TestPostgres.database()
        store = try await StateStore.open(configuration)
        inspector = try await PostgresConnection.connect(configuration)
    }

    /// As if the process that has the pipeline had been suspended for longer than its lease.
    func suspendHolder(of pipeline: String) async throws {
        let lease = try await inspector.query(
            """
            UPDATE rollcall.lease SET expires_at = clock_timestamp() - interval '1 second'
            FROM rollcall.pipeline WHERE pipeline.id = lease.pipeline AND pipeline.name = $1
            """,
            [pipeline]
        )
        try #require(lease.affectedRowCount == 1)
    }

    /// As if the process that has the pipeline's lock had been killed.
    func killHolder(of pipeline: String) async throws {
        let killed = try await inspector.query(
            """
            SELECT pg_terminate_backend(pid, 10000) AS is_gone
            FROM pg_locks JOIN rollcall.pipeline ON pipeline.id = pg_locks.objid::integer
            WHERE locktype = 'advisory' AND pg_locks.database = (
                SELECT oid FROM pg_database WHERE datname = current_database()
            ) AND pipeline.name = $1
            """,
            [pipeline]
        )
        try #require(try killed.first?.value("is_gone", as: Bool.self) == true)
    }

    /// As if the database had gone away for a moment: ends all connections but the inspector's.
    func killAllConnections() async throws {
        try await inspector.query(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )
    }

    /// The process that waits for a lock in this database, once there is one.
    func blockedProcess() async throws -> String {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let waiting = try await inspector.query(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
                """
            )
            if let pid = waiting.first?[0] { return pid }
        }
        throw PostgresError(.timeout, "nobody waits for a lock")
    }

    func count(of table: String) async throws -> Int {
        let rows = try await inspector.query("SELECT count(*) AS count FROM rollcall.\(table)")
        return try #require(rows.first).value("count")
    }
}

/// Rows that were all delivered, up to a position.
func delivered(_ count: Int, upTo json: String? = nil) -> SettledRows {
    var balance = Balance()
    balance.read = count
    balance.delivered = count
    return SettledRows(position: json.map(Position.init(json:)), balance: balance, rejects: [])
}

/// Rows that were all refused by the destination.
func rejected(_ rejects: Reject..., upTo json: String? = nil) -> SettledRows {
    var balance = Balance()
    balance.read = rejects.count
    balance.rejected = rejects.count
    return SettledRows(position: json.map(Position.init(json:)), balance: balance, rejects: rejects)
}

/// The `RollcallError` that `body` must throw.
func failure<Value>(
    _ disposition: RollcallError.Disposition,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async throws -> String {
    let error = await #expect(throws: RollcallError.self, sourceLocation: sourceLocation) { try await body() }
    let thrown = try #require(error, sourceLocation: sourceLocation)
    #expect(thrown.disposition == disposition, sourceLocation: sourceLocation)
    return thrown.description
}
