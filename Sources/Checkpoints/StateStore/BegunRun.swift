internal import PostgresClient
internal import RollcallCore

/// A pipeline taken and a run opened, in one transaction.
struct BegunRun: Sendable {
    let pipeline: String
    /// The pipeline's number in the database.
    let number: Int
    let run: Int
    let token: Int
    let position: Position?
    let history: PipelineHistory

    /// - Throws: a `RollcallError` of the disposition `busy` where another process has the pipeline.
    init(
        pipeline: String,
        number: Int,
        for purpose: RunPurpose,
        maximumAttempts: Int?,
        _ session: PostgresSession
    ) throws {
        let lease = try Lease(lockingRowOf: number, session)
        let hasLock = try lease.claim(of: pipeline) {
            try AdvisoryLock.pipeline(number).tryUntilEndOfConnection(session)
        }
        self.pipeline = pipeline
        self.number = number
        token = lease.token + 1
        run = try Self.openRun(number, for: purpose, session)
        try session.query(
            """
            UPDATE rollcall.lease SET token = $2, holder = $3, has_lock = $4, run = $5, since = clock_timestamp(),
                expires_at = clock_timestamp() + $6::interval
            WHERE pipeline = $1
            """,
            [
                String(number), String(token), LeaseHolder.nameOfThisProcess, String(hasLock), String(run),
                Lease.duration,
            ]
        )
        position = try session.query(
            "SELECT position FROM rollcall.checkpoint WHERE pipeline = $1 AND partition = ''",
            [String(number)]
        ).first?[0].map(Position.init)
        history = try PipelineHistory(ofPipeline: number, session)
        guard purpose == .sync else { return }
        try session.query(
            """
            UPDATE rollcall.pipeline SET is_pass_open = true, max_attempts = coalesce($2::integer, max_attempts)
            WHERE id = $1
            """,
            [String(number), maximumAttempts.map(String.init)]
        )
    }

    private static func openRun(
        _ pipeline: Int,
        for purpose: RunPurpose,
        _ session: PostgresSession
    ) throws -> Int {
        try session.query(
            """
            UPDATE rollcall.run SET state = 'interrupted', ended_at = clock_timestamp()
            WHERE pipeline = $1 AND state = 'running'
            """,
            [String(pipeline)]
        )
        let rows = try session.query(
            "INSERT INTO rollcall.run (pipeline, purpose) VALUES ($1, $2) RETURNING id",
            [String(pipeline), purpose.rawValue]
        )
        guard let row = rows.first else { throw PostgresError(.decoding, "a new row of rollcall.run was not returned") }
        return try row.value("id")
    }
}
