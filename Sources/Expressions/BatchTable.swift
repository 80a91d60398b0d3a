internal import CSQLite
internal import RollcallCore

/// The virtual table `batch`: SQLite reads the cells of a batch where they are.
///
/// Integers, decimals and booleans arrive as numbers, all else as text, null as NULL.
@safe
final class BatchTable {
    let schema: Schema
    /// The rows to read; set while a statement runs.
    private var columns: [PinnedColumn] = []
    private var rows = 0..<0
    /// The row that the statement is at, so that a failure can be laid to it.
    private(set) var currentRow = 0

    private let types: [LogicalType]

    init(schema: Schema) {
        self.schema = schema
        types = schema.columns.map(\.type)
    }

    /// Makes `batch` known to the database, which must not outlive this table.
    func register(in database: SQLiteDatabase) throws {
        let own = unsafe Unmanaged.passUnretained(self).toOpaque()
        try database.check(
            unsafe sqlite3_create_module_v2(database.handle, "batch", batchTableModule.pointer, own, nil)
        )
    }

    /// Lets statements see rows `rows` of the batch while `body` runs.
    func reading<Result>(_ batch: Batch, rows: Range<Int>, _ body: () throws -> Result) rethrows -> Result {
        defer {
            columns = []
            self.rows = 0..<0
        }
        self.rows = rows
        // A condition without columns can fail before SQLite asks for the first row.
        rewind()
        return try batch.withPinnedColumns { columns in
            self.columns = columns
            return try body()
        }
    }

    fileprivate var declaration: String {
        // SQLite knows no table without columns.
        guard !types.isEmpty else { return "CREATE TABLE batch(\"no column\" HIDDEN)" }
        let columns = schema.columns.map { "\(sqlIdentifier($0.name)) \($0.type.declaration)" }
        return "CREATE TABLE batch(\(columns.joined(separator: ", ")))"
    }

    fileprivate func rewind() { currentRow = rows.lowerBound }
    fileprivate func advance() { currentRow += 1 }
    fileprivate var isAtEnd: Bool { currentRow >= rows.upperBound }

    fileprivate func giveValue(_ index: Int, to context: OpaquePointer) {
        guard index < columns.count else { return unsafe sqlite3_result_null(context) }
        unsafe columns[index].giveValue(row: currentRow, type: types[index], to: context)
    }
}

func sqlIdentifier(_ name: String) -> String {
    "\"\(name.replacing("\"", with: "\"\""))\""
}

extension LogicalType {
    /// The affinity decides how SQLite compares: numbers as numbers, moments as moments.
    fileprivate var declaration: String {
        switch self {
        case .text, .json: "TEXT"
        case .integer, .boolean: "INTEGER"
        case .decimal: "NUMERIC"
        case .date, .timestamp: "TEXT COLLATE \(momentCollation)"
        }
    }
}

extension PinnedColumn {
    fileprivate func giveValue(row: Int, type: LogicalType, to context: OpaquePointer) {
        guard !self[row].isNull else { return unsafe sqlite3_result_null(context) }
        withBytes(of: row) { span in
            unsafe span.withUnsafeBufferPointer { bytes in
                let number: SQLiteNumber? =
                    switch type {
                    case .boolean: unsafe SQLiteNumber(boolean: bytes)
                    case .integer, .decimal: unsafe SQLiteNumber(number: bytes)
                    case .text, .json, .date, .timestamp: nil
                    }
                switch number {
                case .integer(let value): unsafe sqlite3_result_int64(context, value)
                case .real(let value): unsafe sqlite3_result_double(context, value)
                // SQLite reads the text before the row ends, and the column is pinned until the statement does.
                case nil: unsafe giveText(bytes, to: context)
                }
            }
        }
    }

    private func giveText(_ bytes: UnsafeBufferPointer<UInt8>, to context: OpaquePointer) {
        guard let start = bytes.baseAddress else {
            return unsafe rollcall_sqlite_result_static_text(context, "", 0)
        }
        unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            unsafe rollcall_sqlite_result_static_text(context, $0, Int32(bytes.count))
        }
    }
}

@safe
private func table(_ pointer: UnsafeMutableRawPointer) -> Unmanaged<BatchTable> {
    // SAFETY: only pointers made by `register` arrive here, and the table outlives its database.
    unsafe Unmanaged<BatchTable>.fromOpaque(pointer)
}

/// Lends the table of a cursor, without counting a reference: this is called for every value.
@safe
private func withTable<Result>(
    of cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>,
    _ body: (BatchTable) -> Result
) -> Result {
    // SAFETY: every cursor was made by `xOpen` below, whose struct begins with SQLite's.
    unsafe cursor.withMemoryRebound(to: rollcall_sqlite_cursor.self, capacity: 1) {
        unsafe table($0.pointee.table)._withUnsafeGuaranteedRef(body)
    }
}

private let batchTableModule = ModuleStorage()

/// The callbacks of the eponymous table, where SQLite reads them for the life of the process.
@safe
private struct ModuleStorage: @unchecked Sendable {
    // SAFETY: written here once, before anybody else can know it, and never freed.
    let pointer: UnsafePointer<sqlite3_module>

    init() {
        let pointer = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        unsafe pointer.initialize(to: makeModule())
        unsafe self.pointer = UnsafePointer(pointer)
    }
}

private func makeModule() -> sqlite3_module {
    var module = sqlite3_module()
    unsafe module.xConnect = { database, context, _, _, result, _ in
        guard let context = unsafe context else { return SQLITE_ERROR }
        let declaration = unsafe table(context).takeUnretainedValue().declaration
        let status = unsafe sqlite3_declare_vtab(database, declaration)
        guard status == SQLITE_OK else { return status }
        let made = UnsafeMutablePointer<rollcall_sqlite_table>.allocate(capacity: 1)
        unsafe made.initialize(to: rollcall_sqlite_table(base: sqlite3_vtab(), table: context))
        unsafe result?.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
        return SQLITE_OK
    }
    unsafe module.xBestIndex = { _, _ in SQLITE_OK }
    unsafe module.xDisconnect = { made in
        unsafe UnsafeMutableRawPointer(made)?.assumingMemoryBound(to: rollcall_sqlite_table.self).deallocate()
        return SQLITE_OK
    }
    unsafe module.xOpen = { made, result in
        guard let made = unsafe made else { return SQLITE_ERROR }
        let context = unsafe UnsafeMutableRawPointer(made).assumingMemoryBound(to: rollcall_sqlite_table.self).pointee
            .table
        let cursor = UnsafeMutablePointer<rollcall_sqlite_cursor>.allocate(capacity: 1)
        unsafe cursor.initialize(to: rollcall_sqlite_cursor(base: sqlite3_vtab_cursor(), table: context))
        unsafe result?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }
    unsafe module.xClose = { cursor in
        unsafe UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: rollcall_sqlite_cursor.self).deallocate()
        return SQLITE_OK
    }
    unsafe module.xFilter = { cursor, _, _, _, _ in
        if let cursor = unsafe cursor { withTable(of: cursor) { $0.rewind() } }
        return SQLITE_OK
    }
    unsafe module.xNext = { cursor in
        if let cursor = unsafe cursor { withTable(of: cursor) { $0.advance() } }
        return SQLITE_OK
    }
    unsafe module.xEof = { cursor in
        guard let cursor = unsafe cursor else { return 1 }
        return withTable(of: cursor) { $0.isAtEnd } ? 1 : 0
    }
    unsafe module.xColumn = { cursor, context, index in
        guard let cursor = unsafe cursor, let context = unsafe context else { return SQLITE_ERROR }
        withTable(of: cursor) { unsafe $0.giveValue(Int(index), to: context) }
        return SQLITE_OK
    }
    unsafe module.xRowid = { cursor, result in
        guard let cursor = unsafe cursor else { return SQLITE_ERROR }
        unsafe result?.pointee = Int64(withTable(of: cursor) { $0.currentRow })
        return SQLITE_OK
    }
    return module
}
