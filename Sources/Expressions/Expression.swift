public import RollcallCore

/// An SQL expression over the columns of one row, as a pipeline file has it.
public struct Expression: Sendable {
    public let sql: String
    public let location: SourceLocation
    /// How messages name it: "`where`", "`columns`: `full_name`".
    public let title: String
    /// Whether rows are chosen by it, rather than a value computed.
    public let isCondition: Bool

    public init(_ sql: Located<String>, title: String, isCondition: Bool = false) {
        self.isCondition = isCondition
        self.sql = sql.value
        self.location = sql.location
        self.title = title
    }

    /// Checks the expression without a row.
    ///
    /// - Parameter schema: Nil while the columns are not known: then any name may be a column, and all else is checked. Types are looked
    ///   at where all are known.
    /// - Throws: a configuration error with the place in the file and in the expression.
    public func check(_ schema: Schema?) throws {
        if let schema {
            _ = try BatchQuery.condition(self, schema)
        } else {
            try checkWithAssumedColumns()
        }
    }

    /// The columns that the expression names.
    ///
    /// - Throws: a configuration error with the place in the file and in the expression.
    public func columns(of schema: Schema) throws -> Set<String> {
        try BatchQuery.condition(self, schema).columns(of: schema)
    }

    private func checkWithAssumedColumns() throws {
        // SQLite takes these for something else as long as no column is called so.
        var assumed = ExpressionGuard.rowNumberNames.sorted().map { Schema.Column($0) }
        while true {
            do {
                _ = try BatchQuery(self, try Schema(assumed)) { "SELECT 1 FROM batch WHERE (\n\($0)\n)" }
                return
            } catch let failure as SQLiteFailure {
                guard let name = failure.unknownColumn, !assumed.contains(where: { $0.name == name }) else {
                    throw error(failure, columns: [])
                }
                assumed.append(Schema.Column(name))
            }
        }
    }

    /// SQLite's words with the place in the file, an excerpt that points at the spot, and the nearest column.
    func error(_ failure: SQLiteFailure, columns: [String]) -> RollcallError {
        var message = "\(title) is no valid SQL expression: \(failure.message)"
        if let offset = failure.offset { message += excerpt(at: offset) }
        return RollcallError(.configuration, message, hint: hint(for: failure, columns: columns), at: location)
    }

    private func hint(for failure: SQLiteFailure, columns: [String]) -> String? {
        if let hint = failure.hint { return hint }
        guard let unknown = failure.unknownColumn else {
            if let hint = DialectHint.hint(for: failure, in: sql) { return hint }
            return "expressions are SQLite's SQL; text is in single quotes, column names with blanks in double quotes"
        }
        if let near = suggestion(for: unknown, among: columns) { return near }
        let all = "the columns here are: \(columns.joined(separator: ", "))"
        return isQuoted(unknown) ? "text is in single quotes: `'\(unknown.replacing("'", with: "''"))'`; \(all)" : all
    }

    private func isQuoted(_ name: String) -> Bool {
        sql.contains("\"\(name.replacing("\"", with: "\"\""))\"")
    }

    private func excerpt(at offset: Int) -> String {
        let before = String(decoding: sql.utf8.prefix(offset), as: UTF8.self)
        let start = before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex
        let line = sql.split(separator: "\n", omittingEmptySubsequences: false)[before.count(where: { $0 == "\n" })]
        let column = before[start...].count
        let pointer = String(repeating: " ", count: column) + "^"
        return "\n    \(line)\n    \(pointer)"
    }
}

extension SQLiteFailure {
    /// The name in SQLite's "no such column: name".
    var unknownColumn: String? {
        let words = "no such column: "
        return message.hasPrefix(words) ? String(message.dropFirst(words.count)) : nil
    }
}
