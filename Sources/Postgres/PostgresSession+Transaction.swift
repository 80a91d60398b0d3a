internal import CLibPQ

/// How a transaction sees the data, and whether it may change it.
public enum PostgresTransactionMode: Sendable {
    /// Each statement sees what is committed when it starts.
    case readWrite
    /// As `readWrite`, for looking only; also where the server is a standby.
    case readOnly
    /// All statements see one snapshot, and conflicting writers fail with `SQLState.serializationFailure`.
    case repeatableReadWrite
    /// All statements see one snapshot, taken by the first of them.
    case repeatableReadReadOnly

    fileprivate var statement: String {
        switch self {
        case .readWrite: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        case .readOnly: "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
        case .repeatableReadWrite: "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"
        case .repeatableReadReadOnly: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        }
    }
}

extension PostgresSession {
    func begin(_ mode: PostgresTransactionMode) throws {
        let status = unsafe PQtransactionStatus(handle)
        guard status != PQTRANS_INTRANS, status != PQTRANS_INERROR else {
            throw PostgresError(.misuse, "a transaction is already open on this connection")
        }
        try query(mode.statement)
    }

    func commit() throws {
        try prepareToSend("COMMIT")
        guard unsafe PQsendQuery(handle, "COMMIT") == 1 else { throw sendError("COMMIT") }
        // The server answers COMMIT of a failed transaction without an error, by rolling back.
        guard try answer(to: "COMMIT").commandTag == "COMMIT" else {
            throw PostgresError(
                .misuse,
                "the transaction was rolled back instead of committed: an error of one of its statements was passed over",
                sqlState: .failedTransaction
            )
        }
    }

    /// Leaves the transaction, whatever state it is in, even in a cancelled task.
    func rollback() throws {
        canceller.end()
        abandonCopyOut()
        guard unsafe PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        try query("ROLLBACK")
    }
}
