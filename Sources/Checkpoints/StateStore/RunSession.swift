internal import PostgresClient
public import RollcallCore
internal import Synchronization

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
    public let history: PipelineHistory

    private let begun: BegunRun
    private let connection: PostgresConnection
    private let database: StateDatabase
    private let hasRecorded = Atomic(false)

    init(_ begun: BegunRun, _ connection: PostgresConnection, _ database: StateDatabase) {
        run = begun.run
        position = begun.position
        history = begun.history
        self.begun = begun
        self.connection = connection
        self.database = database
    }

    /// Says what the pass that begins now is about, and forgets what that makes void.
    ///
    /// - Parameters:
    ///   - destination: Where the rows go; what the ledger is about from now on.
    ///   - fingerprint: Of the settings that shape rows.
    ///   - checkpoint: Whether the checkpoint is forgotten.
    ///   - ledger: Whether the ledger is forgotten.
    ///   - isSweepOwed: Whether everything is to be seen, by this run or, should it not come to its end, by a later one.
    /// - Throws: a `RollcallError`; then nothing was changed.
    public func beginPass(
        destination: String?,
        fingerprint: String,
        forgettingCheckpoint checkpoint: Bool,
        forgettingLedger ledger: Bool,
        owingSweep isSweepOwed: Bool
    ) async throws {
        try await write(
            RunStatement.beginPass,
            [destination, fingerprint, String(checkpoint), String(ledger), String(isSweepOwed)]
        )
    }

    /// Records rows that are settled: moves the checkpoint, adds to the run's balance and to the ledger, and keeps the rejects,
    /// all or nothing.
    ///
    /// A row that was refused before counts one more attempt.
    public func record(_ rows: SettledRows) async throws {
        hasRecorded.store(true, ordering: .relaxed)
        let balance = rows.balance
        let counts = [
            balance.read, balance.filtered, balance.invalid, balance.duplicate, balance.unchanged, balance.delivered,
            balance.rejected, balance.removed, balance.remaining,
        ]
        let confirmed = PostgresArray.literal(rows.confirmed.map { String($0) })
        let settled =
            [.text(rows.position?.json)] + counts.map { .text(String($0)) } + Self.parameters(rows.ledger)
            + Self.parameters(rows.announced) + [.text(confirmed)]
        guard !rows.rejects.isEmpty || !rows.closedRejects.isEmpty else {
            return try await write(RunStatement.record, settled)
        }
        let rejects: [[String?]] = [
            rows.rejects.map(\.stage.rawValue), rows.rejects.map(\.key), rows.rejects.map(\.code),
            rows.rejects.map(\.reason), rows.rejects.map { $0.keyValues.map { PostgresArray.literal($0) } },
        ]
        let rest = [
            PostgresArray.literal(ofBytes: rows.rejects.map(\.content)),
            PostgresArray.literal(ofBytes: rows.rejects.map(\.payload)),
            PostgresArray.literal(rows.closedRejects.map(\.key)),
            PostgresArray.literal(rows.closedRejects.map(\.reason.rawValue)),
        ]
        let kept = rejects.map { PostgresArray.literal($0) } + rest
        try await write(RunStatement.recordWithRejects, settled + kept.map(PostgresParameter.text))
    }

    /// Adds to the ledger by itself: what must be known before something is done, should nobody live to tell of it.
    public func append(_ segment: StoredSegment) async throws {
        try await write(RunStatement.appendLedger, Self.parameters(segment))
    }

    /// Says of a delivery that was announced, and did not take place as a whole, what it made of contacts.
    public func correct(_ delivery: Int, _ segment: StoredSegment) async throws {
        try await write(RunStatement.correctLedger, [.text(String(delivery))] + Self.parameters(segment))
    }

    /// Puts segments in the place of the whole ledger.
    public func replaceLedger(_ segments: [StoredSegment]) async throws {
        let counts = PostgresArray.literal(segments.map { String($0.entryCount) })
        let entries = PostgresArray.literal(ofBytes: segments.map(\.entries))
        try await write(RunStatement.replaceLedger, [counts, entries])
    }

    /// Hands every stored segment of the ledger to `add`, in the order in which they were stored, and whether it is of a delivery
    /// that was never confirmed.
    public func loadLedger<Value: Sendable>(
        into value: inout Value,
        _ add: @escaping @Sendable (inout Value, Span<UInt8>, _ isPending: Bool) throws -> Void
    ) async throws {
        try await database.reporting {
            let sql = """
                COPY (SELECT is_pending, entries FROM rollcall.ledger WHERE pipeline = \(begun.number) ORDER BY id)
                TO STDOUT (FORMAT binary)
                """
            try await connection.startCopyOut(sql, .binary)
            var count = 0
            repeat {
                count = try await connection.readCopy(maxRows: 1_000, into: &value) { value, row in
                    let fields = try PostgresBinaryRow.fields(of: row)
                    guard fields.count == 2, let isPending = fields[0], let entries = fields[1] else {
                        throw PostgresError(.decoding, "a part of the ledger has no entries")
                    }
                    try add(&value, row.extracting(entries), row[isPending.lowerBound] == 1)
                }
            } while count > 0
        }
    }

    /// The rows that were refused and are not yet on the list.
    public func openRejects() async throws -> [OpenReject] {
        try await database.reporting {
            try await connection.query(
                """
                SELECT key, array_to_json(key_values) AS key_values, attempts, encode(content, 'hex') AS content
                FROM rollcall.reject WHERE pipeline = $1 AND closed_at IS NULL ORDER BY first_at, key
                """,
                [String(begun.number)]
            ).map(OpenReject.init)
        }
    }

    /// Their numbers, counts and places, and the entries of all in one piece: a list of bytes takes the server long to read.
    private static func parameters(_ announced: [Int: StoredSegment]) -> [PostgresParameter] {
        let deliveries = announced.sorted { $0.key < $1.key }
        var entries: [UInt8] = []
        var starts: [String] = []
        for (_, segment) in deliveries {
            // SQL counts bytes from one.
            starts.append(String(entries.count + 1))
            entries.append(contentsOf: segment.entries)
        }
        let lists = [
            deliveries.map { String($0.key) },
            deliveries.map { String($0.value.entryCount) },
            starts,
            deliveries.map { String($0.value.entries.count) },
        ]
        return lists.map { .text(PostgresArray.literal($0)) } + [.bytes(entries)]
    }

    private static func parameters(_ segment: StoredSegment?) -> [PostgresParameter] {
        [.text(segment.map { String($0.entryCount) }), .bytes(segment?.entries)]
    }

    /// Shows that this process is alive; `record` does so too.
    ///
    /// Due at least every half minute: who is silent for a whole one can be taken over.
    public func renewLease() async throws {
        try await write(RunStatement.renewLease, [String?]())
    }

    /// Closes the run, sets the next one's position, and frees the pipeline; the last call.
    ///
    /// Takes place in a cancelled task too.
    public func finish(_ ending: RunEnding) async throws {
        // A run that recorded nothing leaves the pass as it was: the next one begins as this one should have.
        let passAsBefore = hasRecorded.load(ordering: .relaxed) ? nil : String(history.isPassOpen)
        let parameters: [String?] =
            switch ending {
            case .done(let next, let isSweep): ["done", nil, next?.json, String(isSweep), "true", "false", nil]
            case .stopped: ["stopped", nil, nil, "false", "false", "false", passAsBefore]
            case .failed(let reason): ["failed", reason.replacingNUL, nil, "false", "false", "false", passAsBefore]
            case .judged(let reason, let next, let isSweep):
                ["failed", reason.replacingNUL, next?.json, "false", "true", String(isSweep), nil]
            case .released: ["done", nil, nil, "false", "false", "false", nil]
            }
        // A task of its own, so that the caller's cancellation does not reach it: a run must not stay open for that.
        try await Task {
            try await write(RunStatement.finish, parameters)
            // Not left to the end of the connection, which the server may notice only after the next run has begun. Where this fails,
            // the connection is gone, and the lock with it.
            _ = try? await connection.query("SELECT pg_catalog.pg_advisory_unlock_all()")
        }.value
        await connection.close()
    }

    func write(_ statement: String, _ parameters: [String?]) async throws {
        try await write(statement, parameters.map(PostgresParameter.text))
    }

    /// Runs a statement that does nothing unless the lease is still ours.
    private func write(_ statement: String, _ parameters: [PostgresParameter]) async throws {
        try await database.reporting {
            let identity = [begun.number, begun.token, begun.run].map { PostgresParameter.text(String($0)) }
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
