internal import CSQLite
internal import RollcallCore

/// Keeps an expression an expression: it reads the columns of its row, and nothing else.
///
/// Refuses sub-selects (they would see the other rows of a batch, whose borders mean nothing), the number of a row in its batch,
/// chance, and anything that is no SELECT: a step must do the same with a row each time it sees it.
final class ExpressionGuard {
    struct Refusal {
        let message: String
        /// What the expression may call it.
        var names: Set<String> = []
        var hint: String?
    }

    /// SQLite's names for the number of a row, which in a batch is its place there.
    static let rowNumberNames: Set<String> = ["rowid", "oid", "_rowid_"]

    private let schema: Schema
    private var selects = 0
    private(set) var refusal: Refusal?
    /// The columns that the statements name.
    private(set) var columns: Set<String> = []

    init(_ schema: Schema) {
        self.schema = schema
    }

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
            guard let name else { return true }
            if name == "ROWID", !schema.names.contains(name) {
                refusal = Refusal(
                    message: "there is no such column: SQLite would take it for the number of the row in its batch",
                    names: Self.rowNumberNames.subtracting(schema.names.map { $0.lowercased() }),
                    hint: "name a column: \(schema.names.joined(separator: ", "))"
                )
            }
            columns.insert(name)
        case SQLITE_SELECT:
            selects += 1
            if selects > 1 { refusal = Refusal(message: "a sub-select is not allowed: an expression sees one row") }
        case SQLITE_FUNCTION:
            if let name { refuse(function: name) }
        default:
            refusal = Refusal(message: "only an expression over the columns of one row is allowed")
        }
        return refusal == nil
    }

    private func refuse(function name: String) {
        switch name {
        case "load_extension": refusal = Refusal(message: "load_extension is not allowed", names: [name])
        case "random", "randomblob":
            refusal = Refusal(
                message: "\(name) is not allowed: a step must do the same with a row each time it sees it",
                names: [name],
                hint: "the step `sample` takes a share of the rows, always the same ones"
            )
        default: break
        }
    }
}
