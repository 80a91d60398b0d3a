import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresCheckpoints

/// A state database of a test's own, with a second connection to look into it and to do it harm.
struct TestState {
    let configuration: PostgresConfiguration
    let store: StateStore
    let inspector: PostgresConnection

    /// By default the store does not wait for a pipeline: whoever is killed here is gone at once.
    init(patience: Duration = .zero) async throws {
        configuration = try await TestPostgres.database()
        store = try await StateStore.open(configuration, patience: patience)
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
        let pid = try await eventually(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
            """
        )
        return try #require(pid[0])
    }

    /// Returns once a store was refused a pipeline, and is going to try again.
    func refusal() async throws {
        try await eventually(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query = 'ROLLBACK'"
        )
    }

    /// Asks until there is an answer with a row.
    @discardableResult
    private func eventually(_ question: String) async throws -> PostgresRow {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let row = try await inspector.query(question).first { return row }
        }
        throw PostgresError(.timeout, "what the test waits for did not happen", sql: question)
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
