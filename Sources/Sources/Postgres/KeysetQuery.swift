internal import PostgresClient
internal import RollcallCore

/// The SELECTs that read a relation in the order (cursor, key), from a position on.
///
/// With a cursor there are two stretches: rows that have one, in its order, and then rows whose cursor is NULL, in the order
/// of the key. Apart, each can use an index; rows without a cursor are read by every run, as nothing tells whether they changed.
struct KeysetQuery: Sendable {
    /// One SELECT, whose parameters stand in the transaction's settings `rollcall.p1` and so on.
    struct Stretch: Equatable, Sendable {
        let sql: String
        let parameters: [String]
    }

    private let select: String
    private let cursor: SourceColumn?
    private let key: [SourceColumn]
    private let isOrdered: Bool

    /// A query over `select`, which gives all rows and columns; `key` is the columns of the order behind the cursor.
    init(_ select: String, cursor: SourceColumn?, key: [SourceColumn], isOrdered: Bool) {
        self.select = select
        self.cursor = cursor
        self.key = key
        self.isOrdered = isOrdered
    }

    /// What is left to read, in order.
    func stretches(from position: PostgresPosition?) throws -> [Stretch] {
        guard isOrdered, let cursor else {
            return try stretches(of: KeyRange(after: position?.after?.compactMap(\.self)))
        }
        let name = try PostgresQuoting.identifier(cursor.name)
        let withoutCursor = "\(name) IS NULL"
        guard let after = position?.after else {
            let start = position?.from.map { [$0] } ?? []
            let condition = start.isEmpty ? "\(name) IS NOT NULL" : try comparison([cursor], ">=")
            return [
                try stretch([condition], start, order: [cursor] + key),
                try stretch([withoutCursor], [], order: key),
            ]
        }
        let values = after.compactMap { $0 }
        if after.first == .some(nil) {
            return [try stretch([withoutCursor, try comparison(key, ">")], values, order: key)]
        }
        return [
            try stretch([try comparison([cursor] + key, ">")], values, order: [cursor] + key),
            try stretch([withoutCursor], [], order: key),
        ]
    }

    /// What is left to read of a range, in the order of the key; there is no cursor.
    ///
    /// NULL is in no range, so that behind the last one rows without a key are looked for.
    func stretches(of range: KeyRange) throws -> [Stretch] {
        let after = isOrdered ? range.after : nil
        let first = [key[0]]
        var conditions: [String] = []
        if after != nil {
            conditions.append(try comparison(key, ">"))
        } else if range.over != nil {
            conditions.append(try comparison(first, ">"))
        }
        let start = after ?? [range.over].compactMap(\.self)
        if range.to != nil { conditions.append(try comparison(first, "<=", parametersBefore: start.count)) }
        let parameters = start + [range.to].compactMap(\.self)
        let order = isOrdered ? key : []
        var stretches = [try stretch(conditions, parameters, order: order)]
        if range.over != nil, range.to == nil {
            let name = try PostgresQuoting.identifier(key[0].name)
            stretches.append(try stretch(["\(name) IS NULL"], [], order: order))
        }
        return stretches
    }

    private func stretch(_ conditions: [String], _ parameters: [String], order: [SourceColumn]) throws -> Stretch {
        var sql = select
        if !conditions.isEmpty { sql += " WHERE \(conditions.joined(separator: " AND "))" }
        if !order.isEmpty {
            sql += " ORDER BY \(try order.map { try PostgresQuoting.identifier($0.name) }.joined(separator: ", "))"
        }
        return Stretch(sql: sql, parameters: parameters)
    }

    /// `(a, b) > (…, …)`: compared as rows, so that one index serves.
    private func comparison(
        _ columns: [SourceColumn],
        _ operation: String,
        parametersBefore count: Int = 0
    ) throws -> String {
        let names = try columns.map { try PostgresQuoting.identifier($0.name) }
        let values = columns.enumerated().map { index, column in
            "pg_catalog.current_setting('rollcall.p\(count + index + 1)')::\(column.sqlType)"
        }
        return "(\(names.joined(separator: ", "))) \(operation) (\(values.joined(separator: ", ")))"
    }
}
