internal import PostgresClient
internal import RollcallCore

/// Where the state is: makes connections to it, and says in the terms of a run what Postgres says in its own.
struct StateDatabase: Sendable {
    let configuration: PostgresConfiguration

    func connect() async throws -> PostgresConnection {
        do {
            let connection = try await PostgresConnection.connect(configuration)
            // The statements rely on it: a writer that waited for another one goes by what that one committed.
            try await connection.query("SET default_transaction_isolation = 'read committed'")
            // What a run writes is the same statement again and again, whose plan takes longer to make than to carry out.
            try await connection.query("SET plan_cache_mode = force_generic_plan")
            return connection
        } catch let error as PostgresError {
            throw unreachable(error)
        }
    }

    /// Runs `body`, and throws its Postgres errors as `RollcallError`s.
    func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw failure(error)
        }
    }

    private func unreachable(_ error: PostgresError) -> RollcallError {
        RollcallError(
            error.kind == .configuration ? .configuration : .preflight,
            "the state database (\(configuration)) cannot be reached: \(error)",
            hint: "check that the server is up, and that ROLLCALL_DATABASE_URL names it, the user and the database",
            cause: error
        )
    }

    private func failure(_ error: PostgresError) -> RollcallError {
        if error.isConnectionGone {
            return RollcallError(
                .fatal,
                "the state database (\(configuration)) was lost: \(error)",
                hint: "what was recorded before is kept; once the database is back, the next run goes on from there",
                cause: error
            )
        }
        if error.sqlState == .insufficientPrivilege {
            return RollcallError(
                .preflight,
                "the state database (\(configuration)) does not allow it: \(error)",
                hint: """
                    its administrator must run: GRANT USAGE ON SCHEMA rollcall TO …; \
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rollcall TO …;
                    """,
                cause: error
            )
        }
        return RollcallError(
            .fatal,
            "the state database (\(configuration)) refused a statement: \(error)",
            cause: error
        )
    }
}
