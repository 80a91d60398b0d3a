internal import CLibPQ
internal import Glibc

/// Waiting for a server that may never answer.
extension PostgresSession {
    /// Waits for the next part of an answer; false where the server was silent for too long.
    func waitForResult() -> Bool {
        while answerTimeout != nil, !isSilent, unsafe PQisBusy(handle) == 1, takeInput() {}
        return !isSilent
    }

    /// The next row of a COPY, to be freed, with its length as `PQgetCopyData` has it: negative where there is none.
    func nextCopyMessage(_ row: inout UnsafeMutablePointer<CChar>?) -> Int {
        while answerTimeout != nil, !isSilent {
            let length = unsafe PQgetCopyData(handle, &row, 1)
            if length != 0 { return Int(length) }
            // Of a connection that is lost libpq tells when it may block.
            guard takeInput() else { break }
        }
        return isSilent ? -2 : Int(unsafe PQgetCopyData(handle, &row, 0))
    }

    /// Waits for something of the server and has libpq take it.
    ///
    /// - Returns: False where nothing can come any more, or nothing came for too long.
    private func takeInput() -> Bool {
        guard let answerTimeout else { return true }
        let deadline = ContinuousClock.now + answerTimeout
        var server = pollfd(fd: unsafe PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard server.fd >= 0 else { return false }
        while unsafe poll(&server, 1, (deadline - .now).wholeMilliseconds) <= 0 {
            guard ContinuousClock.now >= deadline else { continue }
            isSilent = true
            // A server that still works for us should stop; nobody waits for it.
            canceller.cancel()
            return false
        }
        return unsafe PQconsumeInput(handle) == 1
    }

    func silence(_ sql: String) -> PostgresError {
        PostgresError(
            .timeout,
            "the server has sent nothing for \(answerTimeout?.components.seconds ?? 0) s while an answer was due",
            isConnectionGone: true,
            sql: sql
        )
    }
}

extension Duration {
    /// For `poll`: rounded up, and never below nothing.
    fileprivate var wholeMilliseconds: CInt {
        let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 + 1
        return CInt(clamping: max(0, milliseconds))
    }
}
