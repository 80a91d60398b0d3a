import PostgresClient
import RollcallTestSupport

/// One database for the tests that need no more than an empty schema, which is made in a tenth of the time.
private let sharedDatabase = Task { try await TestPostgres.database() }

/// A connection to an empty schema.
func testConnection() async throws -> PostgresConnection {
    let connection = try await PostgresConnection.connect(sharedDatabase.value)
    let schema = "test_\(UInt64.random(in: 0...(.max)))"
    try await connection.execute(script: "CREATE SCHEMA \(schema); SET search_path = \(schema);")
    return connection
}

extension PostgresConnection {
    /// Waits, for at most about ten seconds, until the server has no process of this number any more.
    func hasEnded(serverProcess processID: String) async throws -> Bool {
        try await waits(for: "NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = \(processID))")
    }

    /// Waits, for at most about ten seconds, until some process of this database runs a statement that matches `pattern`.
    func sees(running pattern: String) async throws -> Bool {
        try await waits(
            for: """
                EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                        AND state = 'active' AND query LIKE '\(pattern)')
                """
        )
    }

    /// Waits, for at most about ten seconds, until `condition` is true.
    ///
    /// The waiting is done by the server, in steps of 5 ms, each with a fresh view of its activity.
    func waits(for condition: String) async throws -> Bool {
        for _ in 0..<2_000 {
            if try await query("SELECT \(condition)").first?[0] == "t" { return true }
            try await query("SELECT pg_sleep(0.005)")
        }
        return false
    }
}
