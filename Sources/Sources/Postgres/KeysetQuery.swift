internal import PostgresClient
internal import RollcallCore

/// The SELECTs that read a relation in the order (cursor, key), from a position on.
///
/// With a cursor there are two stretches: rows that have one, in its order, and then rows whose cursor is NULL, in the order
/// of the key. Apart, each can use an index; rows without a cursor are read by every run, as nothing tells whether they changed.
struct KeysetQuery {
    /// One SELECT, whose parameters stand in the transaction's settings `rollcall.p1` and so on.
    struct Stretch: Equatable {
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
        guard isOrdered else { return [try stretch([], [], order: [])] }
        guard let cursor else {
            let values = position?.after?.compactMap { $0 } ?? []
            return [try stretch(values.isEmpty ? [] : [try comparison(key, ">")], values, order: key)]
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

    private func stretch(_ conditions: [String], _ parameters: [String], order: [SourceColumn]) throws -> Stretch {
        var sql = select
        if !conditions.isEmpty { sql += " WHERE \(conditions.joined(separator: " AND "))" }
        if !order.isEmpty {
            sql += " ORDER BY \(try order.map { try PostgresQuoting.identifier($0.name) }.joined(separator: ", "))"
        }
        return Stretch(sql: sql, parameters: parameters)
    }

    /// `(a, b) > (…, …)`: compared as rows, so that one index serves.
    private func comparison(_ columns: [SourceColumn], _ operation: String) throws -> String {
        let names = try columns.map { try PostgresQuoting.identifier($0.name) }
        let values = columns.enumerated().map { index, column in
            "pg_catalog.current_setting('rollcall.p\(index + 1)')::\(column.sqlType)"
        }
        return "(\(names.joined(separator: ", "))) \(operation) (\(values.joined(separator: ", ")))"
    }
}
