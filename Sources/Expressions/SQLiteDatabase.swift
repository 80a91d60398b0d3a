internal import CSQLite

/// A private in-memory SQLite database that evaluates expressions and stores nothing.
///
/// Not `Sendable`: it belongs to the one step that made it.
@safe
final class SQLiteDatabase {
    // SAFETY: opened in `init`, closed once in `deinit`, used by one task at a time.
    let handle: OpaquePointer

    /// SQLite counts its memory under a lock that all threads share, unless it is told not to before its first use.
    ///
    /// Where something else in the process used it before, the counting stays, which only costs time.
    private static let countsNoMemory = rollcall_sqlite_count_no_memory() == SQLITE_OK

    init() throws {
        _ = Self.countsNoMemory
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX
        let status = unsafe sqlite3_open_v2(":memory:", &opened, flags, nil)
        guard status == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close(opened)
            throw SQLiteFailure(code: status, message: unsafe String(cString: sqlite3_errstr(status)), offset: nil)
        }
        unsafe handle = opened
        try check(unsafe rollcall_sqlite_forbid_quoted_strings(opened))
    }

    deinit {
        unsafe sqlite3_close(handle)
    }

    /// - Throws: `SQLiteFailure` with SQLite's own message, unless the call was a success.
    func check(_ status: Int32) throws {
        guard status != SQLITE_OK else { return }
        throw failure(status)
    }

    func failure(_ status: Int32) -> SQLiteFailure {
        let offset = unsafe sqlite3_error_offset(handle)
        return SQLiteFailure(
            code: status,
            message: unsafe String(cString: sqlite3_errmsg(handle)),
            offset: offset < 0 ? nil : Int(offset)
        )
    }

    /// Compiles one SELECT; text behind it is an error.
    func prepare(_ sql: String) throws -> SQLiteStatement {
        var statement: OpaquePointer?
        var hasTail = false
        let status = unsafe sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let status = unsafe sqlite3_prepare_v2(handle, text, -1, &statement, &tail)
            if let tail = unsafe tail { hasTail = unsafe tail.pointee != 0 }
            return status
        }
        guard status == SQLITE_OK, let statement = unsafe statement else { throw failure(status) }
        let prepared = unsafe SQLiteStatement(adopting: statement)
        guard !hasTail else {
            throw SQLiteFailure(code: SQLITE_ERROR, message: "there is more than one statement", offset: nil)
        }
        return prepared
    }
}

/// A compiled SELECT; must not outlive its database.
@safe
final class SQLiteStatement {
    // SAFETY: adopted from sqlite3_prepare_v2, finalized once in `deinit`, used by one task at a time.
    let handle: OpaquePointer

    init(adopting handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }
}

/// What SQLite said.
struct SQLiteFailure: Error {
    let code: Int32
    let message: String
    /// The byte of the SQL text at which it was noticed.
    let offset: Int?
    /// The way out, where it is known.
    var hint: String?

    /// The message where it cannot quote a value of a row.
    var reason: String {
        message.contains("'") ? "the expression cannot be computed for this row" : message
    }
}
