/// A column of a query's answer.
public struct PostgresColumn: Hashable, Sendable {
    public let name: String
    /// The type's row in `pg_type`: 23 is `int4`, 25 `text`.
    public let typeOID: UInt32

    public init(name: String, typeOID: UInt32) {
        self.name = name
        self.typeOID = typeOID
    }
}

/// The complete answer to one statement, cells as the server's text.
///
/// It holds all rows in memory: fit for thousands of rows. For more, use COPY.
public struct PostgresRows: RandomAccessCollection, Sendable {
    public let columns: [PostgresColumn]
    private let handle: ResultHandle

    init(_ handle: ResultHandle) {
        self.handle = handle
        columns = (0..<handle.columnCount).map(handle.column)
    }

    /// Rows that the statement inserted, updated, deleted or returned; 0 where that means nothing.
    public var affectedRowCount: Int { handle.affectedRowCount }

    public var startIndex: Int { 0 }
    public var endIndex: Int { handle.rowCount }

    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(rows: self, index: position)
    }

    func text(row: Int, column: Int) -> String? {
        precondition(columns.indices.contains(column), "column \(column) of \(columns.count)")
        return handle.text(row: row, column: column)
    }
}

/// One row of an answer.
///
/// It keeps the whole answer alive.
public struct PostgresRow: Sendable {
    fileprivate let rows: PostgresRows
    fileprivate let index: Int

    public var columns: [PostgresColumn] { rows.columns }

    /// The text of a cell, `nil` for NULL.
    ///
    /// The column must exist.
    public subscript(column: Int) -> String? {
        rows.text(row: index, column: column)
    }

    /// The text of a cell, `nil` for NULL; throws where there is no such column.
    ///
    /// Of two columns of one name the first counts.
    public subscript(name: String) -> String? {
        get throws { self[try column(named: name)] }
    }

    /// The cell as a value of `type`, `nil` for NULL; throws where the text is none.
    public func optional<Value: PostgresDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        guard let text = try self[name] else { return nil }
        guard let value = Value(postgresText: text) else {
            // The text stays out of the message: it may be personal data.
            throw PostgresError(.decoding, "column \"\(name)\" holds a value that is not a \(type)", detail: text)
        }
        return value
    }

    /// The cell as a value of `type`; throws where it is NULL or the text is none.
    public func value<Value: PostgresDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(name, as: type) else {
            throw PostgresError(.decoding, "column \"\(name)\" is NULL where a \(type) is needed")
        }
        return value
    }

    private func column(named name: String) throws -> Int {
        guard let index = columns.firstIndex(where: { $0.name == name }) else {
            let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw PostgresError(.decoding, "the answer has no column \"\(name)\"; it has \(names)")
        }
        return index
    }
}
