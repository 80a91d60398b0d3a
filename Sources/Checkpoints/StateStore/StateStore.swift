public import PostgresClient
public import RollcallCore

/// The state of all pipelines in one Postgres database, in the schema `rollcall`.
///
/// It has a connection of its own, and makes a new one where that was lost. Connections must be the server's own:
/// behind a pooler that gives each transaction another one, a process would lose its pipeline in mid-run.
///
/// Everything it throws is a `RollcallError`, or `CancellationError`.
public actor StateStore {
    private let database: StateDatabase
    /// Nil after a loss, and once closed.
    private var connection: PostgresConnection?
    private var isClosed = false

    /// How long to wait for a pipeline: the server may take a moment to notice that its holder has died.
    private let patience: Duration
    private static let pause = Duration.milliseconds(50)

    private init(_ database: StateDatabase, _ connection: PostgresConnection, patience: Duration) {
        self.database = database
        self.connection = connection
        self.patience = patience
    }

    /// Connects, and makes the schema where it is missing or old.
    ///
    /// - Throws: a `RollcallError` of the disposition `preflight` where the database cannot be reached, belongs to a
    ///   newer Rollcall, or does not allow it; then with what its administrator must run.
    public static func open(_ configuration: PostgresConfiguration) async throws -> StateStore {
        try await open(configuration, migrator: Migrator())
    }

    static func open(
        _ configuration: PostgresConfiguration,
        migrator: Migrator = Migrator(),
        patience: Duration = .seconds(1)
    ) async throws -> StateStore {
        let database = StateDatabase(configuration: configuration)
        let connection = try await database.connect()
        try await database.reporting {
            do {
                try await migrator.migrate(connection)
            } catch let error as PostgresError where error.sqlState == .insufficientPrivilege {
                throw try await database.missingPermission(connection, error)
            }
        }
        return StateStore(database, connection, patience: patience)
    }

    /// Ends the store's own connection; runs that have begun go on.
    public func close() async {
        isClosed = true
        await connection?.close()
        connection = nil
    }

    // MARK: - Runs

    /// Takes the pipeline for this process, and opens a run that goes on from the checkpoint, or that holds the pipeline for
    /// another purpose meanwhile.
    ///
    /// A run that its process left open is marked as interrupted.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline's name.
    ///   - purpose: What it is held for.
    ///   - maximumAttempts: How often the run tries a row that was refused; nil leaves it as it was.
    /// - Returns: What records the run.
    /// - Throws: a `RollcallError` of the disposition `busy` where another process has the pipeline, after about a
    ///   second.
    public func begin(
        pipeline: String,
        for purpose: RunPurpose = .sync,
        maximumAttempts: Int? = nil
    ) async throws -> RunSession {
        try refuseIfClosed()
        let connection = try await database.connect()
        return try await database.reporting {
            let id = try await Self.number(of: pipeline, connection)
            let begun = try await persistently {
                try await connection.transaction { session in
                    try BegunRun(
                        pipeline: pipeline,
                        number: id,
                        for: purpose,
                        maximumAttempts: maximumAttempts,
                        session
                    )
                }
            }
            return RunSession(begun, connection, database)
        }
    }

    /// Repeats what fails because a pipeline is held, until the patience is at its end.
    private func persistently<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await body()
            } catch let error as RollcallError where error.disposition == .busy && ContinuousClock.now < deadline {
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// The pipeline's number, from now on if it had none.
    private static func number(of pipeline: String, _ connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            """
            WITH added AS (
                INSERT INTO rollcall.pipeline (name)
                SELECT $1 WHERE NOT EXISTS (SELECT FROM rollcall.pipeline WHERE name = $1)
                ON CONFLICT DO NOTHING RETURNING id
            )
            INSERT INTO rollcall.lease (pipeline) SELECT id FROM added
            """,
            [pipeline]
        )
        let rows = try await connection.query("SELECT id FROM rollcall.pipeline WHERE name = $1", [pipeline])
        guard let row = rows.first else {
            throw PostgresError(
                .decoding,
                "pipeline \(pipeline) was deleted from rollcall.pipeline while it was being added"
            )
        }
        return try row.value("id")
    }

    // MARK: - Checkpoints

    /// Where the next run of the pipeline goes on; nil where it begins anew.
    public func checkpoint(pipeline: String) async throws -> Checkpoint? {
        try await perform { connection in
            try await connection.query(
                """
                SELECT \(Checkpoint.columns)
                FROM rollcall.checkpoint JOIN rollcall.pipeline ON pipeline.id = checkpoint.pipeline
                WHERE pipeline.name = $1 AND checkpoint.partition = ''
                """,
                [pipeline]
            ).first.flatMap(Checkpoint.init)
        }
    }

    /// Has the next run go on from `position`.
    ///
    /// - Throws: a `RollcallError` of the disposition `busy` while a run has the pipeline, and of `configuration` where
    ///   the position is no JSON.
    public func setCheckpoint(pipeline: String, _ position: Position) async throws {
        try await change(pipeline) { id, session in
            do {
                try session.query(
                    """
                    INSERT INTO rollcall.checkpoint (pipeline, position) VALUES ($1, $2::json)
                    ON CONFLICT (pipeline, partition)
                    DO UPDATE SET position = excluded.position, run = NULL, saved_at = clock_timestamp()
                    """,
                    [id, position.json]
                )
            } catch let error as PostgresError where error.refusesValue {
                throw RollcallError(
                    .configuration,
                    "the position for pipeline \(pipeline) is no JSON",
                    hint: "give it as `checkpoint show` prints it",
                    cause: error
                )
            }
        }
    }

    /// Has the next run begin anew, at another destination if it finds one.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline's name.
    ///   - forgetsLedger: Whether it also takes the destination for unknown, so that every row is sent again.
    /// - Throws: a `RollcallError` of the disposition `busy` while a run has the pipeline.
    public func resetCheckpoint(pipeline: String, forgettingLedger forgetsLedger: Bool = false) async throws {
        try await change(pipeline) { id, session in
            try session.query("DELETE FROM rollcall.checkpoint WHERE pipeline = $1", [id])
            try session.query(
                "UPDATE rollcall.pipeline SET may_move = true, is_pass_open = false WHERE id = $1",
                [id]
            )
            guard forgetsLedger else { return }
            try session.query("DELETE FROM rollcall.ledger WHERE pipeline = $1", [id])
            try session.query(
                """
                UPDATE rollcall.pipeline SET destination = NULL, fingerprint = NULL, swept_at = NULL WHERE id = $1
                """,
                [id]
            )
        }
    }

    /// Runs `change` while nobody runs the pipeline; a suspended run that wakes up after that can record nothing more.
    func change<Value: Sendable>(
        _ pipeline: String,
        _ change: @Sendable @escaping (_ number: String, PostgresSession) throws -> Value
    ) async throws -> Value {
        try await perform { connection in
            let id = try await Self.number(of: pipeline, connection)
            return try await persistently {
                try await connection.transaction { session in
                    _ = try Lease(lockingRowOf: id, session).claim(of: pipeline) {
                        try AdvisoryLock.pipeline(id).tryUntilEndOfTransaction(session)
                    }
                    try session.query(
                        """
                        UPDATE rollcall.lease SET token = token + 1, holder = NULL, has_lock = NULL, run = NULL,
                            since = NULL, expires_at = NULL
                        WHERE pipeline = $1
                        """,
                        [String(id)]
                    )
                    return try change(String(id), session)
                }
            }
        }
    }

    // MARK: - The connection

    /// Runs `body`, and again on a new connection where the old one turns out to be lost; so `body` must bear
    /// repetition.
    func perform<Value: Sendable>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        try refuseIfClosed()
        return try await database.reporting {
            if let connection {
                do {
                    return try await body(connection)
                } catch let error as PostgresError where error.isConnectionGone {
                    self.connection = nil
                }
            }
            let connection = try await database.connect()
            self.connection = connection
            return try await body(connection)
        }
    }

    private func refuseIfClosed() throws {
        guard !isClosed else { throw RollcallError(.fatal, "the state store is closed; open it again to use it") }
    }
}

extension PostgresError {
    /// The server, or libpq before it, cannot read a parameter as a value of its type.
    fileprivate var refusesValue: Bool { sqlState == .invalidTextRepresentation || kind == .misuse }
}
