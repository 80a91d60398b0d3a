internal import RollcallThreads

/// A connection to a Postgres server.
///
/// Its blocking calls run on a thread of their own. Calls wait for each other, and each is one unit: a transaction's body is
/// never interleaved with another task's statements. Between `begin` and `commit`, and between `startCopyOut` and the last
/// `readCopy`, the connection belongs to one task; a statement of another in mid-COPY is refused as misuse.
///
/// When the calling task is cancelled, the server is asked to stop and the call throws `CancellationError`; the connection can
/// be used again. Everything else is thrown as `PostgresError`, apart from errors of the caller's own closures.
public actor PostgresConnection {
    private let executor: QueueExecutor
    /// `nil` once closed.
    private var session: PostgresSession?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private init() {
        executor = QueueExecutor(label: "rollcall.postgres.connection")
    }

    isolated deinit {
        session = nil
    }

    /// Connects to the first host of `configuration` that answers.
    ///
    /// Cancellation takes effect only when that succeeds or fails, at most after the time-out for each host.
    ///
    /// - Parameters:
    ///   - configuration: the database.
    ///   - answerTimeout: how long the server may send nothing while an answer, or the next row of a COPY, is due; then the call
    ///     throws a `PostgresError` of the kind `timeout`, and the connection is gone. Nil waits for ever.
    ///   - onNotice: called on the connection's thread with each notice of the server; by default they are dropped.
    /// - Returns: an open connection, which closes when it is released.
    /// - Throws: `PostgresError` of the kind `connection`, or `CancellationError`.
    public static func connect(
        _ configuration: PostgresConfiguration,
        answerTimeout: Duration? = nil,
        onNotice: (@Sendable (PostgresNotice) -> Void)? = nil
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection()
        try await connection.start(configuration, answerTimeout, onNotice)
        return connection
    }

    private func start(
        _ configuration: PostgresConfiguration,
        _ answerTimeout: Duration?,
        _ onNotice: (@Sendable (PostgresNotice) -> Void)?
    ) throws {
        try Task.checkCancellation()
        let session = try PostgresSession(configuration, answerTimeout: answerTimeout, onNotice: onNotice)
        try Task.checkCancellation()
        self.session = session
    }

    /// Ends the connection; an open transaction is rolled back.
    ///
    /// Closing twice is harmless.
    public func close() {
        session = nil
    }

    /// Runs one statement.
    ///
    /// `$1` in `sql` is the first of `parameters`, sent as text that the server converts; `nil` is NULL.
    ///
    /// The whole answer is kept in memory.
    @discardableResult
    public func query(_ sql: String, _ parameters: [String?] = []) async throws -> PostgresRows {
        try await cancellable { try $0.query(sql, parameters) }
    }

    /// As `query`, for a statement that is run many times: the server parses and plans it once for this connection.
    @discardableResult
    public func queryPrepared(_ sql: String, _ parameters: [PostgresParameter] = []) async throws -> PostgresRows {
        try await cancellable { try $0.queryPrepared(sql, parameters) }
    }

    /// The columns of a statement's answer, found without running it, and so without the permission to.
    public func describe(_ sql: String) async throws -> [PostgresColumn] {
        try await cancellable { try $0.describe(sql) }
    }

    /// Runs statements separated by semicolons; what they return is dropped.
    ///
    /// They are one transaction, unless the script has `BEGIN` and `COMMIT` of its own.
    public func execute(script: String) async throws {
        try await cancellable { try $0.execute(script: script) }
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// `body` runs on the connection's thread and is given the session for its statements. An error of COMMIT with
    /// `isConnectionGone` leaves open whether the transaction took effect.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ mode: PostgresTransactionMode = .readWrite,
        _ body: sending (PostgresSession) throws -> Value
    ) async throws -> Value {
        try await cancellable { session in
            try session.begin(mode)
            do {
                let value = try body(session)
                try session.commit()
                return value
            } catch {
                self.rollBack(session)
                throw error
            }
        }
    }

    /// Opens a transaction for work that spans several calls, such as reading a COPY in batches.
    public func begin(_ mode: PostgresTransactionMode) async throws {
        try await cancellable { try $0.begin(mode) }
    }

    /// Commits what `begin` opened.
    ///
    /// Throws where a failed statement has made the server roll back instead.
    public func commit() async throws {
        try await cancellable { try $0.commit() }
    }

    /// Leaves the transaction, and the COPY in it, if there is one; also in a cancelled task.
    public func rollback() {
        guard let session else { return }
        rollBack(session)
    }

    /// A transaction that cannot be left takes the connection with it: nothing may follow inside it by mistake.
    private func rollBack(_ session: PostgresSession) {
        do {
            try session.rollback()
        } catch {
            self.session = nil
        }
    }

    /// Runs `body` so that a cancellation of the calling task reaches the server.
    func cancellable<Value>(_ body: (PostgresSession) throws -> Value) async throws -> Value {
        let canceller = try openSession().canceller
        let operation = canceller.begin()
        return try await withTaskCancellationHandler {
            // `self` must be used in here: a closure that does not mention it runs on the shared threads, not on the actor's.
            let session = try self.openSession()
            defer { canceller.end(connectionIsGone: session.isGone) }
            return try body(session)
        } onCancel: {
            canceller.cancel(operation)
        }
    }

    private func openSession() throws -> PostgresSession {
        guard let session else {
            throw PostgresError(.connection, "the connection is closed", isConnectionGone: true)
        }
        return session
    }
}

// MARK: - COPY

extension PostgresConnection {
    /// Starts `COPY … TO STDOUT` in this format; `readCopy` gets the rows.
    ///
    /// COPY takes no parameters. Values reach its query through `set_config` and `current_setting` in one transaction.
    public func startCopyOut(_ sql: String, _ format: PostgresCopyFormat = .text) async throws {
        try await cancellable { try $0.startCopyOut(sql, format) }
    }

    /// Adds the next rows of a COPY to `batch`, each as one line of the text format, without its newline, or as a `PostgresBinaryRow`.
    ///
    /// Rows are read from the server as they are asked for, so that it waits for a slow reader. `append` runs on the connection's
    /// thread; when it throws, and when the task is cancelled, the COPY is over and the connection is ready for something else.
    ///
    /// - Parameters:
    ///   - maxRows: as many rows at most.
    ///   - maxBytes: no further row once there are as many bytes.
    ///   - batch: what `append` fills.
    ///   - append: adds a row, which is valid only during the call.
    /// - Returns: the number of rows added; 0 only at the end, once the server has confirmed that the data is complete.
    /// - Throws: what `append` throws, `PostgresError`, or `CancellationError`. A lost connection is an error, never an end.
    public func readCopy<Batch: Sendable & ~Copyable>(
        maxRows: Int,
        maxBytes: Int = .max,
        into batch: inout Batch,
        _ append: @Sendable (inout Batch, Span<UInt8>) throws -> Void
    ) async throws -> Int {
        try await cancellable { session in
            try session.readCopy(maxRows: maxRows, maxBytes: maxBytes, into: &batch, append)
        }
    }

    /// Runs `COPY … FROM STDIN` with what `write` writes, and returns the number of rows the server took.
    ///
    /// All or nothing: when `write` throws, the server drops the rows it was sent. `write` runs on the connection's thread.
    @discardableResult
    public func copyIn(
        _ sql: String,
        _ write: sending (inout PostgresCopyWriter) throws -> Void
    ) async throws -> Int {
        try await cancellable { try $0.copyIn(sql, write) }
    }
}
