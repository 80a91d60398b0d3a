internal import PostgresClient
public import RollcallCore

/// A run in the state database, and the sole right to record what it does.
///
/// It has a connection of its own, and its calls wait for each other. The right is lost with the connection, and when
/// another process takes over because this one was suspended for too long; whatever is called after that throws and
/// records nothing.
///
/// Everything it throws is a `RollcallError`, or `CancellationError` from a call that recorded nothing. After an error
/// that says that the database was lost, what the call was to record may have been recorded or not.
public final class RunSession: Sendable {
    public let run: Int
    /// Where to go on; nil for the beginning.
    public let position: Position?

    private let begun: BegunRun
    private let connection: PostgresConnection
    private let database: StateDatabase

    init(_ begun: BegunRun, _ connection: PostgresConnection, _ database: StateDatabase) {
        run = begun.run
        position = begun.position
        self.begun = begun
        self.connection = connection
        self.database = database
    }

    /// Records rows that are settled: moves the checkpoint, adds to the run's balance and keeps the rejects, all or
    /// nothing.
    ///
    /// A row that was refused before, by its key and stage, counts one more attempt.
    public func record(_ rows: SettledRows) async throws {
        let balance = rows.balance
        let counts = [
            balance.read, balance.filtered, balance.invalid, balance.duplicate, balance.unchanged, balance.delivered,
            balance.rejected,
        ]
        let settled = [rows.position?.json] + counts.map(String.init)
        guard !rows.rejects.isEmpty else { return try await write(RunStatement.record, settled) }
        let rejects = [
            rows.rejects.map(\.stage.rawValue), rows.rejects.map(\.key), rows.rejects.map(\.code),
            rows.rejects.map(\.reason),
        ]
        try await write(RunStatement.recordWithRejects, settled + rejects.map(PostgresArray.literal))
    }

    /// Shows that this process is alive; `record` does so too.
    ///
    /// Due at least every half minute: who is silent for a whole one can be taken over.
    public func renewLease() async throws {
        try await write(RunStatement.renewLease, [])
    }

    /// Closes the run, sets the next one's position, and frees the pipeline; the last call.
    ///
    /// Takes place in a cancelled task too.
    public func finish(_ ending: RunEnding) async throws {
        let parameters: [String?] =
            switch ending {
            case .done(let next): ["done", nil, next?.json]
            case .stopped: ["stopped", nil, nil]
            case .failed(let reason): ["failed", reason.replacingNUL, nil]
            }
        // A task of its own, so that the caller's cancellation does not reach it: a run must not stay open for that.
        try await Task { try await write(RunStatement.finish, parameters) }.value
        await connection.close()
    }

    /// Runs a statement that does nothing unless the lease is still ours.
    private func write(_ statement: String, _ parameters: [String?]) async throws {
        try await database.reporting {
            let identity = [begun.number, begun.token, begun.run].map { String($0) as String? }
            let answer = try await connection.queryPrepared(statement, identity + parameters)
            if answer.isEmpty { throw try await takenOver() }
        }
    }

    private func takenOver() async throws -> RollcallError {
        let rows = try await connection.query(
            "SELECT \(LeaseHolder.columns) FROM rollcall.lease WHERE pipeline = $1",
            [String(begun.number)]
        )
        let taker = try rows.first.flatMap(LeaseHolder.init).map { "by \($0)" } ?? "by another process, which has ended"
        return RollcallError(
            .fatal,
            """
            pipeline \(begun.pipeline) was taken over \(taker) while this process (run \(run)) was suspended; \
            nothing of its later work was recorded
            """,
            hint: "nothing is lost: the other run goes on from the last checkpoint"
        )
    }
}
