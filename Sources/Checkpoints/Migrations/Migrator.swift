internal import PostgresClient
internal import RollcallCore

/// Brings the schema `rollcall` up to what this program needs, in one transaction, one process at a time.
struct Migrator: Sendable {
    private let migrations: [Migration]

    init(_ migrations: [Migration] = Migration.all) {
        self.migrations = migrations
    }

    /// Applies what is missing; with nothing missing, it only reads.
    ///
    /// - Throws: a `RollcallError` of the disposition `preflight` for a database that this program does not understand,
    ///   or a `PostgresError`.
    func migrate(_ connection: PostgresConnection) async throws {
        try await connection.transaction { session in
            try AdvisoryLock.migrations.waitUntilEndOfTransaction(session)
            try makeHistory(session)
            let applied = try checkHistory(session)
            for migration in migrations where !applied.contains(migration.number) {
                try session.execute(script: migration.sql)
                try session.query(
                    """
                    INSERT INTO rollcall.schema_migration (number, name, checksum)
                    VALUES ($1, $2, sha256(convert_to($3, 'UTF8')))
                    """,
                    [String(migration.number), migration.name, migration.sql]
                )
            }
        }
    }

    private func makeHistory(_ session: PostgresSession) throws {
        // `CREATE … IF NOT EXISTS` alone would ask for a permission that is not needed where all is there.
        let found = try session.query("SELECT to_regclass('rollcall.schema_migration') IS NOT NULL AS found")
        if try found.first?.value("found", as: Bool.self) == true { return }
        try session.execute(
            script: """
                CREATE SCHEMA IF NOT EXISTS rollcall;
                CREATE TABLE rollcall.schema_migration (
                    number integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
                );
                """
        )
    }

    /// The numbers of the migrations that were applied, all of them known and as they are in this program.
    private func checkHistory(_ session: PostgresSession) throws -> Set<Int> {
        let numbers = PostgresArray.literal(migrations.map { String($0.number) })
        let texts = PostgresArray.literal(migrations.map(\.sql))
        let rows = try session.query(
            """
            SELECT number, applied.name, known.sql IS NOT NULL AS is_known,
                   applied.checksum = sha256(convert_to(known.sql, 'UTF8')) AS is_same
            FROM rollcall.schema_migration AS applied
            LEFT JOIN unnest($1::integer[], $2::text[]) AS known (number, sql) USING (number)
            ORDER BY number DESC
            """,
            [numbers, texts]
        )
        for row in rows {
            let migration =
                "migration \(try row.value("number", as: Int.self)), \(try row.value("name", as: String.self))"
            guard try row.value("is_known", as: Bool.self) else {
                throw RollcallError(
                    .preflight,
                    "the state database belongs to a newer Rollcall: this one does not know its \(migration)",
                    hint: "use the newer version, or give this one a database of its own in ROLLCALL_DATABASE_URL"
                )
            }
            guard try row.value("is_same", as: Bool.self) else {
                throw RollcallError(
                    .preflight,
                    "the state database belongs to another Rollcall: its \(migration), differs from this one's",
                    hint: "use a released version of Rollcall, or a database of its own in ROLLCALL_DATABASE_URL"
                )
            }
        }
        return Set(try rows.map { try $0.value("number", as: Int.self) })
    }
}
