import PostgresClient
import RollcallTestSupport

/// A connection to an empty database.
func testConnection() async throws -> PostgresConnection {
    try await PostgresConnection.connect(TestPostgres.database())
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

    /// The waiting is done by the server, in steps of 5 ms, each with a fresh view of its activity.
    private func waits(for condition: String) async throws -> Bool {
        for _ in 0..<2_000 {
            if try await query("SELECT \(condition)").first?.value("?column?", as: Bool.self) == true { return true }
            try await query("SELECT pg_sleep(0.005)")
        }
        return false
    }
}
