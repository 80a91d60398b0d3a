internal import CSQLite

/// Keeps an expression an expression: it reads the columns of its row, and nothing else.
///
/// Refuses sub-selects (they would see the other rows of a batch, whose borders mean nothing) and anything that is no SELECT.
final class ExpressionGuard {
    private var selects = 0
    private(set) var refusal: String?
    /// The columns that the statements name.
    private(set) var columns: Set<String> = []

    /// Watches the statements that are compiled next; must outlive the database.
    func watch(_ database: SQLiteDatabase) throws {
        let own = unsafe Unmanaged.passUnretained(self).toOpaque()
        try database.check(
            unsafe sqlite3_set_authorizer(
                database.handle,
                { context, action, _, name, _, _ in
                    guard let context = unsafe context else { return SQLITE_DENY }
                    // SAFETY: the pointer is the one given below, of an object that outlives the database.
                    let watcher = unsafe Unmanaged<ExpressionGuard>.fromOpaque(context).takeUnretainedValue()
                    let name = unsafe name.map { unsafe String(cString: $0) }
                    return watcher.allows(action, name) ? SQLITE_OK : SQLITE_DENY
                },
                own
            )
        )
    }

    func reset() {
        selects = 0
        refusal = nil
    }

    /// `name` is that of the column or of the function.
    private func allows(_ action: Int32, _ name: String?) -> Bool {
        switch action {
        case SQLITE_READ:
            if let name { columns.insert(name) }
            return true
        case SQLITE_SELECT:
            selects += 1
            if selects > 1 { refusal = "a sub-select is not allowed: an expression sees one row" }
        case SQLITE_FUNCTION:
            if name == "load_extension" { refusal = "load_extension is not allowed" }
        default:
            refusal = "only an expression over the columns of one row is allowed"
        }
        return refusal == nil
    }
}
