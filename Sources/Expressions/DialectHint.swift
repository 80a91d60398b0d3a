/// What SQLite has instead of what other databases have, for those who know these.
enum DialectHint {
    private static let byMessage: [(beginning: String, hint: String)] = [
        ("no such function: now", "`datetime('now')` is the time now, in UTC; `date('now', '-30 days')` is a date"),
        ("no such function: getdate", "`datetime('now')` is the time now, in UTC; `date('now', '-30 days')` is a date"),
        ("no such function: concat", "`a || b` joins text; it is NULL where one of them is: `coalesce(a, '') || b`"),
        ("no such function: nvl", "`coalesce(a, b)` takes the first that is not NULL"),
        ("no such function: isnull", "`coalesce(a, b)` takes the first that is not NULL; `a IS NULL` asks"),
        ("no such function: left", "`substr(a, 1, 3)` takes the first three characters"),
        ("no such function: right", "`substr(a, -3)` takes the last three characters"),
        ("no such function: to_date", "`parse_date(a, 'dd/MM/yyyy')` reads dates"),
        ("no such function: extract", "`strftime('%Y', a)` takes the year; `CAST(… AS INTEGER)` makes a number of it"),
        ("near \"ILIKE\"", "`LIKE` takes English letters in any case for the same"),
        ("near \"&\"", "`AND` joins conditions"),
        ("unrecognized token: \"!\"", "`NOT` turns a condition round"),
        ("unrecognized token: \":\"", "`CAST(a AS INTEGER)` makes a number of text"),
        (
            "incomplete input",
            "something is missing at the end: a parenthesis, a quote, or the other side of an operator"
        ),
    ]

    /// Nil where nothing is known to be meant.
    static func hint(for failure: SQLiteFailure, in sql: String) -> String? {
        if let known = byMessage.first(where: { failure.message.lowercased().hasPrefix($0.beginning.lowercased()) }) {
            return known.hint
        }
        let hasInterval = SQLTokenizer.tokens(of: sql).contains { $0.kind == .word("interval") }
        return hasInterval ? "`date('now', '-30 days')` is the date thirty days ago" : nil
    }
}
