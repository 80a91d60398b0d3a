/// What went wrong with a Postgres server, a statement, or the way this module was used.
///
/// `description` is safe to log: it names tables, columns and constraints, but no value of a row. What may quote values
/// (the server's DETAIL and CONTEXT, and the message itself where the server puts the offending value into it) is shown by
/// `debugDescription` only. Values bound to parameters are not kept at all.
public struct PostgresError: Error, Sendable {
    /// What the error is about; a struct so that a new kind does not break a caller's `switch`.
    public struct Kind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public var description: String { rawValue }

        /// The settings cannot be used; trying again will not help.
        public static let configuration = Kind(rawValue: "configuration")
        /// No connection could be made, or it was lost.
        public static let connection = Kind(rawValue: "connection")
        /// The server refused a statement.
        public static let query = Kind(rawValue: "query")
        /// A time limit of the server ended the statement, such as `statement_timeout`.
        public static let timeout = Kind(rawValue: "timeout")
        /// An answer that cannot be read as asked: no such column, NULL, or text of another type.
        public static let decoding = Kind(rawValue: "decoding")
        /// A call that makes no sense now, such as a query in the middle of a COPY.
        public static let misuse = Kind(rawValue: "misuse")
    }

    public var kind: Kind
    /// The primary message as the server sent it.
    ///
    /// It may quote a value of a row; `description` leaves those out.
    public var message: String
    /// Absent for errors that the server did not send; libpq also keeps none for a connection that was refused.
    public var sqlState: SQLState?
    /// More about this case, which may carry personal data, as in `Key (phone)=(…) already exists`.
    public var detail: String?
    public var hint: String?
    /// Where in the server the error arose.
    ///
    /// May carry personal data: `COPY leads, line 1, column phone: "…"`.
    public var context: String?
    /// The character of `sql` that the error points at, the first being 1.
    public var position: Int?
    public var schema: String?
    public var table: String?
    public var column: String?
    public var constraint: String?
    /// The connection is of no more use; a new one may work.
    public var isConnectionGone: Bool
    /// The statement, with `$1` where a parameter stood.
    public var sql: String?

    public init(
        _ kind: Kind,
        _ message: String,
        sqlState: SQLState? = nil,
        detail: String? = nil,
        hint: String? = nil,
        isConnectionGone: Bool = false,
        sql: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.detail = detail
        self.hint = hint
        self.isConnectionGone = isConnectionGone
        self.sql = sql
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        var text = messageWithoutValues
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let place = placeInStatement { text += ", at line \(place.line), column \(place.column) of the statement" }
        if isConnectionGone { text += "; the connection is gone" }
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }

    public var debugDescription: String {
        var lines = ["\(kind): \(message)"]
        if let sqlState { lines[0] += " (SQLSTATE \(sqlState))" }
        if isConnectionGone { lines[0] += "; the connection is gone" }
        let fields: [(String, String?)] = [
            ("detail", detail), ("hint", hint), ("context", context), ("schema", schema), ("table", table),
            ("column", column), ("constraint", constraint), ("position", position.map(String.init)), ("sql", sql),
        ]
        for case (let name, let value?) in fields { lines.append("\(name): \(value)") }
        return lines.joined(separator: "\n  ")
    }

    /// The message, without what data exceptions (class 22) quote and what user-written code raises (class P0).
    private var messageWithoutValues: String {
        switch sqlState?.errorClass {
        case "22": message.replacingQuotedText(with: "…")
        case "P0": "an exception raised by code in the database, whose text is not shown because it may quote a row"
        default: message
        }
    }

    private var placeInStatement: (line: Int, column: Int)? {
        guard let position, let sql else { return nil }
        let before = sql.unicodeScalars.prefix(max(0, position - 1))
        let line = before.count { $0 == "\n" } + 1
        let column = before.count - (before.lastIndex(of: "\n").map { before[...$0].count } ?? 0) + 1
        return (line, column)
    }
}

extension String {
    /// The same without quoted text: from the first double quote to the last one, since what is quoted may contain quotes.
    ///
    /// Some languages have quotation marks of their own, and some messages none; then all is left out from the first such mark, or
    /// from the colon that ends the general part.
    fileprivate func replacingQuotedText(with replacement: String) -> String {
        if let first = firstIndex(of: "\""), let last = lastIndex(of: "\""), first < last {
            return "\(self[...first])\(replacement)\(self[last...])"
        }
        guard let start = firstIndex(where: { "„“”«»‘’「:".contains($0) }) else { return self }
        return "\(self[...start])\(replacement)"
    }
}
