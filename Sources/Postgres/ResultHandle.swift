internal import CLibPQ

/// Owner of a libpq result.
@safe
final class ResultHandle: @unchecked Sendable {
    // SAFETY: adopted from libpq, which no longer writes to it, so that any thread may read it; cleared once, in `deinit`.
    private let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQclear(pointer)
    }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }
    var rowCount: Int { Int(unsafe PQntuples(pointer)) }
    var columnCount: Int { Int(unsafe PQnfields(pointer)) }

    /// COPY in the binary format, or a result of binary cells.
    var isBinary: Bool { unsafe PQbinaryTuples(pointer) == 1 }

    /// The command that ended, such as `INSERT 0 3`.
    var commandTag: String {
        guard let tag = unsafe PQcmdStatus(pointer) else { return "" }
        return unsafe String(cString: tag)
    }

    /// Rows read, written or copied; 0 for commands that count none.
    var affectedRowCount: Int {
        guard let count = unsafe PQcmdTuples(pointer) else { return 0 }
        return Int(unsafe String(cString: count)) ?? 0
    }

    func column(at index: Int) -> PostgresColumn {
        let name = unsafe PQfname(pointer, Int32(index)).map { unsafe String(cString: $0) } ?? ""
        return PostgresColumn(name: name, typeOID: unsafe PQftype(pointer, Int32(index)))
    }

    /// `nil` for NULL.
    ///
    /// Indexes must be in range.
    func text(row: Int, column: Int) -> String? {
        guard unsafe PQgetisnull(pointer, Int32(row), Int32(column)) == 0,
            let start = unsafe PQgetvalue(pointer, Int32(row), Int32(column))
        else { return nil }
        let count = Int(unsafe PQgetlength(pointer, Int32(row), Int32(column)))
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func diagnostic(_ field: DiagnosticField) -> String? {
        unsafe Self.diagnostic(field, of: pointer)
    }

    /// The whole message as libpq formats it; the only text there is for errors that libpq itself found.
    var errorMessage: String {
        guard let message = unsafe PQresultErrorMessage(pointer) else { return "" }
        return unsafe String(cString: message)
    }

    /// A field of a result that is only lent, as libpq does to a notice receiver.
    static func diagnostic(_ field: DiagnosticField, of pointer: OpaquePointer) -> String? {
        guard let text = unsafe PQresultErrorField(pointer, field.rawValue) else { return nil }
        return unsafe String(cString: text)
    }
}
