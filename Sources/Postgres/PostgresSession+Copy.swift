internal import CLibPQ

extension PostgresSession {
    /// Starts `COPY … TO STDOUT`.
    func startCopyOut(_ sql: String, _ format: PostgresCopyFormat) throws {
        try startCopy(sql, expecting: PGRES_COPY_OUT, format)
        copy = .reading(sql: sql, format, isFirst: true)
    }

    /// Hands rows to `append` until there are `maxRows` of them, or `maxBytes` are reached, or the data ends.
    ///
    /// Returns the number of rows; 0 only at the end, once the server has confirmed that the data is complete.
    func readCopy<Batch: ~Copyable>(
        maxRows: Int,
        maxBytes: Int,
        into batch: inout Batch,
        _ append: (inout Batch, Span<UInt8>) throws -> Void
    ) throws -> Int {
        guard case .reading(let sql, let format, var isFirst) = copy else {
            if case .complete = copy { return 0 }
            if case .failed(let error) = copy {
                copy = .none
                throw error
            }
            throw PostgresError(.misuse, "there is no COPY to read from; call startCopyOut first")
        }
        var rows = 0
        var bytes = 0
        while rows < maxRows, bytes < maxBytes {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = unsafe nextCopyMessage(&buffer)
            guard length > 0, let start = unsafe buffer else {
                do {
                    try finishCopyOut(sql)
                } catch  where rows > 0 && !(error is CancellationError) {
                    // The rows before are whole.
                    copy = .failed(error)
                }
                return rows
            }
            defer { unsafe PQfreemem(start) }
            let message = unsafe UnsafeRawBufferPointer(start: start, count: length).bindMemory(to: UInt8.self)
            defer { isFirst = false }
            guard let row = format.row(in: unsafe message.span, isFirst: isFirst) else { continue }
            do {
                try append(&batch, unsafe message.span.extracting(row))
            } catch {
                abandonCopyOut()
                throw error
            }
            rows += 1
            bytes += length
        }
        copy = .reading(sql: sql, format, isFirst: isFirst)
        return rows
    }

    /// Makes the server stop a COPY that nobody will read to its end, so that the connection can be used again.
    func abandonCopyOut() {
        guard case .reading = copy else { return }
        copy = .none
        stopCopyOut()
        while nextResult() != nil {}
    }

    /// Runs `COPY … FROM STDIN` with what `write` writes, and returns the number of rows the server took.
    ///
    /// All or nothing: when `write` throws, the server drops the rows it was sent. Cancellation is noticed between writes.
    @discardableResult
    public func copyIn(_ sql: String, _ write: (inout PostgresCopyWriter) throws -> Void) throws -> Int {
        try startCopy(sql, expecting: PGRES_COPY_IN, .text)
        copy = .writing
        defer { copy = .none }
        var writer = PostgresCopyWriter(session: self, sql: sql)
        do {
            try write(&writer)
            try writer.flush()
        } catch let ownError {
            _ = unsafe PQputCopyEnd(handle, "the client gave up")
            do {
                _ = try answer(to: sql)
            } catch  where writer.isRefused {
                // Writing failed because the server had stopped reading, and this says why.
                throw error
            } catch {
                // The server only confirms what was asked of it: that the COPY failed.
            }
            throw ownError
        }
        guard unsafe PQputCopyEnd(handle, nil) == 1 else { throw sendError(sql) }
        return try answer(to: sql).affectedRowCount
    }

    /// Sends rows of `COPY … FROM STDIN`.
    func putCopyData(_ bytes: Span<UInt8>, _ sql: String) throws {
        guard !canceller.isRequested else { throw CancellationError() }
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
        guard result == 1 else { throw sendError(sql) }
    }

    private func startCopy(_ sql: String, expecting status: ExecStatusType, _ format: PostgresCopyFormat) throws {
        try prepareToSend(sql)
        guard unsafe PQsendQuery(handle, sql) == 1, let result = nextResult() else { throw sendError(sql) }
        guard result.status == status, result.isBinary == (format == .binary) else {
            _ = try answer(to: sql, startingWith: result)
            let direction = status == PGRES_COPY_OUT ? "COPY … TO STDOUT" : "COPY … FROM STDIN"
            throw PostgresError(.misuse, "the statement is not a \(direction) in the \(format) format", sql: sql)
        }
    }

    /// Takes the final status of a COPY: a connection that broke off must not look like the end of the data.
    private func finishCopyOut(_ sql: String) throws {
        copy = .none
        _ = try answer(to: sql)
        copy = .complete
    }
}
