internal import PostgresClient
internal import RollcallCore

extension StateDatabase {
    /// What the administrator must run so that the schema can be made, or used where another role has made it.
    func missingPermission(_ connection: PostgresConnection, _ error: PostgresError) async throws -> RollcallError {
        let rows = try await connection.query(
            """
            SELECT quote_ident(current_database()) AS database, quote_ident(current_user) AS role,
                   (
                       SELECT quote_ident(pg_get_userbyid(nspowner)) FROM pg_catalog.pg_namespace
                       WHERE nspname = 'rollcall'
                   ) AS owner
            """
        )
        guard let row = rows.first else { throw error }
        let role: String = try row.value("role")
        guard let owner = try row["owner"] else {
            let name: String = try row.value("database")
            return RollcallError(
                .preflight,
                "the role \(role) may not make the schema rollcall in the state database (\(configuration))",
                hint: "its administrator must run: GRANT CREATE ON DATABASE \(name) TO \(role);",
                cause: error
            )
        }
        return RollcallError(
            .preflight,
            "the role \(role) may not use the schema rollcall of \(owner) in the state database (\(configuration))",
            hint: """
                connect as \(owner), or, once \(owner) has opened it with this version of Rollcall, let it run: \
                GRANT USAGE ON SCHEMA rollcall TO \(role); \
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rollcall TO \(role);
                """,
            cause: error
        )
    }
}
