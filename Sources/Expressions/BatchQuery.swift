internal import CSQLite
internal import RollcallCore

/// One compiled statement over the rows of batches that have one schema.
///
/// A row on which the statement fails is reported and left out; the rows after it go on.
final class BatchQuery {
    // In the order in which they must outlive one another: the statement goes first.
    private let statement: SQLiteStatement
    private let database: SQLiteDatabase
    private let table: BatchTable
    private let watcher: ExpressionGuard
    private let cache = FunctionCache()

    /// Compiles `select(expression)`, where the expression's text begins a line.
    ///
    /// Every mistake of the expression alone is thrown as `SQLiteFailure`.
    convenience init(_ expression: Expression, _ schema: Schema, select: (String) -> String) throws {
        let sql = select(expression.sql)
        let prefix = select("").prefix { $0 != "\n" }.utf8.count + 1
        do {
            try self.init(sql: sql, schema)
        } catch let failure as SQLiteFailure {
            guard let offset = failure.offset.map({ $0 - prefix }) else { throw failure }
            let length = expression.sql.utf8.count
            // Behind the expression stands only our own closing parenthesis.
            let message = offset > length ? "it is not complete, or closes a parenthesis too many" : failure.message
            throw SQLiteFailure(
                code: failure.code,
                message: message,
                offset: min(max(0, offset), length),
                hint: failure.hint
            )
        }
        try LiteralArguments.check(expression.sql)
        try NullComparison.check(expression.sql)
        // YAML makes one line of several, and nobody can tell here where they ended in the file.
        if let comment = SQLTokenizer.lineComment(in: expression.sql) {
            throw SQLiteFailure(
                code: SQLITE_ERROR,
                message: "a comment that begins so may take in what stands on the next lines of the file",
                offset: comment,
                hint: "write it as `/* … */`"
            )
        }
    }

    init(sql: String, _ schema: Schema) throws {
        try refuseNamesThatDifferInCaseOnly(schema)
        table = BatchTable(schema: schema)
        watcher = ExpressionGuard(schema)
        database = try SQLiteDatabase()
        try database.addUnicodeFunctions()
        try database.addTextFunctions(cache)
        try database.addDateFunctions(cache)
        try database.addPhoneFunctions()
        try database.addMomentCollation()
        try table.register(in: database)
        // The table is declared by its first use; the guard must see only the expression.
        _ = try database.prepare("SELECT 1 FROM batch")
        try watcher.watch(database)
        do {
            statement = try database.prepare(sql)
        } catch let failure as SQLiteFailure {
            guard let refusal = watcher.refusal else { throw failure }
            let tokens = SQLTokenizer.tokens(of: sql)
            let place = tokens.first { refusal.names.contains($0.name?.lowercased() ?? "") }?.range.lowerBound
            throw SQLiteFailure(code: failure.code, message: refusal.message, offset: place, hint: refusal.hint)
        }
    }

    /// A statement that gives the rows for which the condition is true.
    ///
    /// As a condition, too, every expression is checked first: there SQLite refuses aggregates and window functions.
    static func condition(_ expression: Expression, _ schema: Schema) throws -> BatchQuery {
        do {
            let query = try BatchQuery(expression, schema) {
                "SELECT 1 FROM batch WHERE (\n\($0)\n)"
            }
            if !schema.hasAssumedTypes { try TypeRules.check(expression, schema) }
            return query
        } catch let failure as SQLiteFailure {
            throw expression.error(failure, columns: schema.names)
        }
    }

    /// A statement that gives for each row the values of the expressions, in their order.
    static func values(_ expressions: [Expression], _ schema: Schema) throws -> BatchQuery {
        for expression in expressions { _ = try condition(expression, schema) }
        let list = expressions.map { "(\n\($0.sql)\n)" }.joined(separator: ", ")
        return try BatchQuery(sql: "SELECT \(list) FROM batch", schema)
    }

    /// The columns of the schema that the statement names.
    func columns(of schema: Schema) -> Set<String> { watcher.columns.intersection(schema.names) }

    /// Runs over all rows of the batch.
    ///
    /// - Parameters:
    ///   - batch: Has the schema the statement was compiled for.
    ///   - visit: Called for each row of the result, in order.
    /// - Returns: The rows on which the statement failed, with their `origin(of:)`.
    func run(_ batch: Batch, _ visit: (ResultRow) -> Void) -> [RowFault] {
        var faults: [RowFault] = []
        var next = 0
        while next < batch.rowCount {
            let failure = table.reading(batch, rows: next..<batch.rowCount) { stepThrough(visit) }
            guard let failure else { break }
            let row = max(next, table.currentRow)
            faults.append(RowFault(row: batch.origin(of: row), code: "expression_failed", reason: failure.reason))
            next = row + 1
        }
        return faults
    }

    private func stepThrough(_ visit: (ResultRow) -> Void) -> SQLiteFailure? {
        defer { unsafe sqlite3_reset(statement.handle) }
        while true {
            let status = unsafe sqlite3_step(statement.handle)
            switch status {
            // Each row of the table is looked at once, in order, and nothing is gathered before it is given.
            case SQLITE_ROW: visit(ResultRow(index: table.currentRow, statement: statement))
            case SQLITE_DONE: return nil
            default: return database.failure(status)
            }
        }
    }
}

/// SQLite's names are the same in any case, so `Phone` and `phone` could not be told apart.
private func refuseNamesThatDifferInCaseOnly(_ schema: Schema) throws {
    var seen: [String: String] = [:]
    for name in schema.names {
        if let other = seen.updateValue(name, forKey: name.lowercased()) {
            throw RollcallError(
                .configuration,
                "the columns \"\(other)\" and \"\(name)\" differ only in case, which SQL expressions cannot tell apart",
                hint: "rename one of them in the source's query, or drop it with a `drop` step before this one"
            )
        }
    }
}

/// The row that a statement is at.
struct ResultRow {
    /// Its index in the batch.
    let index: Int
    fileprivate let statement: SQLiteStatement

    /// Appends the bytes of a value to the arena; null where it is NULL.
    func appendValue(_ value: Int, to arena: inout [UInt8]) -> Cell {
        let type = unsafe sqlite3_column_type(statement.handle, Int32(value))
        guard let text = unsafe sqlite3_column_text(statement.handle, Int32(value)) else { return .null }
        if type == SQLITE_FLOAT, let name = unsafe Self.infinity(sqlite3_column_double(statement.handle, Int32(value)))
        {
            let start = arena.count
            arena += Array(name.utf8)
            return Cell(start..<arena.count)
        }
        let count = Int(unsafe sqlite3_column_bytes(statement.handle, Int32(value)))
        let start = arena.count
        unsafe arena.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
        return Cell(start..<start + count)
    }

    /// As decimals have it; SQLite writes `Inf`, which is no number to itself.
    private static func infinity(_ number: Double) -> String? {
        number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : nil
    }

    /// Whether the value is text that is no number; what SQLite has no number for, such as `NaN` and very large ones, is one.
    func isNoNumber(_ value: Int) -> Bool {
        guard type(value) == .text, let bytes = unsafe sqlite3_column_text(statement.handle, Int32(value)) else {
            return false
        }
        let text = unsafe String(cString: bytes)
        if ["NaN", "Infinity", "-Infinity"].contains(text) { return false }
        let digits = text.drop { $0 == "-" }.utf8
        let isWhole = !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return !isWhole || Int64(text) != nil || digits.first == UInt8(ascii: "0")
    }

    /// What SQLite computed: a whole number, a real one, or anything else; nil for NULL.
    func type(_ value: Int) -> LogicalType? {
        switch unsafe sqlite3_column_type(statement.handle, Int32(value)) {
        case SQLITE_NULL: nil
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .decimal
        default: .text
        }
    }
}
