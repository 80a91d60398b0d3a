internal import CLibPQ

/// A conversation with the server, made of calls that block until the answer is complete.
///
/// Bodies of `PostgresConnection.transaction` are given one. They run on the connection's own thread from start to end, so that
/// no statement of another task can come between theirs. A session must not be kept beyond the body.
@safe
public final class PostgresSession {
    // SAFETY: used by one thread at a time, because the class is not Sendable; closed once, in `deinit`.
    let handle: OpaquePointer
    let canceller: QueryCanceller
    private let notices: NoticeReceiver
    /// How long the server may send nothing while something is due; nil waits for ever.
    let answerTimeout: Duration?
    /// The server has sent nothing for so long: whatever it still sends would be taken for the answer to something else.
    var isSilent = false
    var copy = CopyPhase.none
    /// The names of the statements that the server has prepared, by their text.
    private var prepared: [String: String] = [:]

    enum CopyPhase {
        case none
        /// `isFirst`: nothing was taken from it yet.
        case reading(sql: String, PostgresCopyFormat, isFirst: Bool)
        /// It has failed, behind rows that were handed over; to be told by the next call.
        case failed(any Error)
        /// All rows were read and the server has confirmed that they were all.
        case complete
        case writing
    }

    /// Connects; blocks, at most for the configuration's time-out per host.
    init(
        _ configuration: PostgresConfiguration,
        answerTimeout: Duration? = nil,
        onNotice: (@Sendable (PostgresNotice) -> Void)?
    ) throws {
        let parameters = Array(configuration.parameters)
        let connected = unsafe withCStrings(parameters.map(\.key)) { keywords in
            unsafe withCStrings(parameters.map(\.value)) { values in
                unsafe PQconnectdbParams(keywords, values, 0)
            }
        }
        guard let connected = unsafe connected else {
            throw PostgresError(.connection, "libpq has no memory for a connection", isConnectionGone: true)
        }
        do {
            guard unsafe PQstatus(connected) == CONNECTION_OK else {
                throw PostgresError(.connection, unsafe Self.message(of: connected), isConnectionGone: true)
            }
            canceller = try unsafe QueryCanceller(connection: connected)
        } catch {
            unsafe PQfinish(connected)
            throw error
        }
        self.answerTimeout = answerTimeout
        notices = NoticeReceiver(onNotice)
        unsafe notices.attach(to: connected)
        unsafe handle = connected
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Runs one statement.
    ///
    /// `$1` in `sql` is the first of `parameters`, sent as text that the server converts; `nil` is NULL.
    ///
    /// The whole answer is kept in memory.
    @discardableResult
    public func query(_ sql: String, _ parameters: [String?] = []) throws -> PostgresRows {
        try prepareToSend(sql)
        let parameters = try list(parameters.map(PostgresParameter.text), of: sql)
        let sent = unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryParams(handle, sql, parameters.count, nil, values, lengths, formats, 0)
        }
        guard sent == 1 else { throw sendError(sql) }
        return PostgresRows(try answer(to: sql))
    }

    /// As `query`, for a statement that is run many times: the server parses and plans it once.
    @discardableResult
    func queryPrepared(_ sql: String, _ parameters: [PostgresParameter]) throws -> PostgresRows {
        try prepareToSend(sql)
        let parameters = try list(parameters, of: sql)
        let name = try preparedName(of: sql)
        let sent = unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryPrepared(handle, name, parameters.count, values, lengths, formats, 0)
        }
        guard sent == 1 else { throw sendError(sql) }
        return PostgresRows(try answer(to: sql))
    }

    private func preparedName(of sql: String) throws -> String {
        if let name = prepared[sql] { return name }
        let name = "rollcall_\(prepared.count + 1)"
        guard unsafe PQsendPrepare(handle, name, sql, 0, nil) == 1 else { throw sendError(sql) }
        _ = try answer(to: sql)
        prepared[sql] = name
        return name
    }

    /// The columns of a statement's answer; the statement is parsed, and not run.
    func describe(_ sql: String) throws -> [PostgresColumn] {
        try prepareToSend(sql)
        guard unsafe PQsendPrepare(handle, "", sql, 0, nil) == 1 else { throw sendError(sql) }
        _ = try answer(to: sql)
        guard unsafe PQsendDescribePrepared(handle, "") == 1 else { throw sendError(sql) }
        return PostgresRows(try answer(to: sql)).columns
    }

    /// Refuses text that C would see cut off.
    private func list(_ parameters: [PostgresParameter], of sql: String) throws -> ParameterList {
        for (index, parameter) in parameters.enumerated() where parameter.containsNUL {
            throw PostgresError(
                .misuse,
                "the value of $\(index + 1) contains a NUL character, which Postgres cannot store in text",
                sql: sql
            )
        }
        return ParameterList(parameters)
    }

    /// Runs statements separated by semicolons; what they return is dropped.
    ///
    /// They are one transaction, unless the script has `BEGIN` and `COMMIT` of its own.
    public func execute(script: String) throws {
        try prepareToSend(script)
        guard unsafe PQsendQuery(handle, script) == 1 else { throw sendError(script) }
        _ = try answer(to: script)
    }

    /// Refuses what must not be sent now: during a COPY, after a cancellation, or text that C would cut short.
    func prepareToSend(_ sql: String) throws {
        switch copy {
        case .none: break
        case .complete, .failed: copy = .none
        case .reading, .writing:
            throw PostgresError(
                .misuse,
                "a statement was started in the middle of a COPY; read it to its end first, or use a second connection",
                sql: sql
            )
        }
        guard !isSilent else { throw sendError(sql) }
        guard !canceller.isRequested else { throw CancellationError() }
        guard !sql.utf8.contains(0) else { throw PostgresError(.misuse, "the statement contains a NUL character") }
    }

    /// Reads results until the server is ready for the next statement; returns the last one, or throws the first error.
    ///
    /// `first` is a result of the same statement that was already taken.
    func answer(to sql: String, startingWith first: ResultHandle? = nil) throws -> ResultHandle {
        var last: ResultHandle?
        var failure: (any Error)?
        var next = first ?? nextResult()
        while let result = next {
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                last = result
            case PGRES_COPY_OUT, PGRES_COPY_IN:
                failure =
                    failure ?? PostgresError(.misuse, "a COPY needs startCopyOut or copyIn", sql: sql)
                refuseCopy(result.status)
            default:
                failure = failure ?? error(from: result, sql)
            }
            next = nextResult()
        }
        if isSilent { throw sendError(sql) }
        if var error = failure as? PostgresError {
            error.isConnectionGone = error.isConnectionGone || isGone
            throw error
        }
        if let failure { throw failure }
        guard let last else { throw sendError(sql) }
        return last
    }

    /// The next part of an answer; nil behind the last one, and when the server `isSilent`.
    func nextResult() -> ResultHandle? {
        guard waitForResult(), let pointer = unsafe PQgetResult(handle) else { return nil }
        return unsafe ResultHandle(adopting: pointer)
    }

    private func refuseCopy(_ status: ExecStatusType) {
        guard status == PGRES_COPY_OUT else {
            _ = unsafe PQputCopyEnd(handle, "not a COPY that this client asked for")
            return
        }
        stopCopyOut()
    }

    /// Asks the server to stop sending rows, and drops those that are on their way.
    func stopCopyOut() {
        canceller.end()
        canceller.cancel(canceller.begin())
        var row: UnsafeMutablePointer<CChar>?
        while unsafe nextCopyMessage(&row) > 0 { unsafe PQfreemem(row) }
        canceller.end(connectionIsGone: isGone)
    }
}

// MARK: - Errors

extension PostgresSession {
    var isGone: Bool { unsafe isSilent || PQstatus(handle) == CONNECTION_BAD }

    /// The error of a failed result: `CancellationError` where it failed because our task was cancelled.
    func error(from result: ResultHandle, _ sql: String) -> any Error {
        let error = PostgresError(result, sql: sql)
        return error.sqlState == .queryCanceled && canceller.isRequested ? CancellationError() : error
    }

    /// The error of a call that libpq refused before the server had a say.
    func sendError(_ sql: String) -> PostgresError {
        if isSilent { return silence(sql) }
        return PostgresError(
            isGone ? .connection : .misuse,
            unsafe Self.message(of: handle),
            isConnectionGone: isGone,
            sql: sql
        )
    }

    private static func message(of handle: OpaquePointer) -> String {
        guard let text = unsafe PQerrorMessage(handle) else { return "unknown error of libpq" }
        return unsafe trimmed(String(cString: text))
    }
}

/// libpq ends its messages with a newline.
private func trimmed(_ text: String) -> String {
    String(text.reversed().drop(while: \.isWhitespace).reversed())
}

extension PostgresError {
    fileprivate init(_ result: ResultHandle, sql: String) {
        let severity = result.diagnostic(.severity)
        let sqlState = result.diagnostic(.sqlState).map(SQLState.init(rawValue:))
        self.init(
            .query,
            result.diagnostic(.message) ?? trimmed(result.errorMessage),
            sqlState: sqlState,
            detail: result.diagnostic(.detail),
            hint: result.diagnostic(.hint),
            // libpq's own errors have no code and are all about the connection, which libpq itself takes for open where a write
            // failed and no error could be read: so it is when the server has crashed meanwhile.
            isConnectionGone: severity == "FATAL" || severity == "PANIC" || sqlState == nil,
            sql: sql
        )
        context = result.diagnostic(.context)
        position = result.diagnostic(.position).flatMap(Int.init)
        schema = result.diagnostic(.schema)
        table = result.diagnostic(.table)
        column = result.diagnostic(.column)
        constraint = result.diagnostic(.constraint)
        kind = kindOfServerError
    }

    private var kindOfServerError: Kind {
        switch sqlState {
        case .idleInTransactionTimeout, .idleSessionTimeout, .transactionTimeout: .timeout
        // `pg_cancel_backend` has the same code as `statement_timeout`; only the text tells them apart.
        case .queryCanceled where !message.contains("user request"): .timeout
        default: isConnectionGone ? .connection : .query
        }
    }
}
