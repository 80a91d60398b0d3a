internal import PostgresClient
internal import RollcallCore

/// Everything happens in transactions and lasts no longer than they do: between the program and the server there may be a pool that
/// gives each transaction another connection.
extension PostgresConnection {
    /// Begins the transaction of a reading, with one snapshot: one of its own, or that of another transaction.
    func beginReading(snapshot: String? = nil) async throws {
        try await begin(.repeatableReadReadOnly)
        if let snapshot {
            let name = snapshot.replacing("'", with: "''")
            try await execute(script: "SET TRANSACTION SNAPSHOT '\(name)'")
        }
        try await execute(script: Self.readingSettings)
        // There is no such setting before Postgres 17.
        try await query(
            """
            SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout'
            """
        )
    }

    /// Fixes what a role or database may have set otherwise: how values look as text, and time limits, since a COPY waits for a
    /// sink that is paced.
    private static let readingSettings = """
        SET LOCAL timezone = 'UTC';
        SET LOCAL datestyle = 'ISO, YMD';
        SET LOCAL intervalstyle = 'postgres';
        SET LOCAL bytea_output = 'hex';
        SET LOCAL extra_float_digits = 1;
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        """

    /// From now on statements of this transaction give their rows in the same order each time.
    func readInOneOrder() async throws {
        try await execute(
            script: "SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0"
        )
    }

    /// Gives the parameters of a COPY their values, for this transaction.
    func bind(_ parameters: [String]) async throws {
        for (index, value) in parameters.enumerated() {
            try await query("SELECT pg_catalog.set_config($1, $2, true)", ["rollcall.p\(index + 1)", value])
        }
    }

    /// Leaves the transaction and ends the connection, so that a pool need not look after either.
    func endReading() async {
        rollback()
        close()
    }
}
