internal import PostgresClient
internal import RollcallCore

/// What is read, as it was found when its snapshot was taken.
struct FoundRelation: Sendable {
    /// The columns that are read.
    let schema: Schema
    /// Those of the type `char(n)`, by their places.
    let padded: Set<Int>
    /// Reads these, all rows, in no order.
    let select: String
    /// The columns of the order: the cursor, if there is one, then the key.
    let order: [SourceColumn]
    /// Where these stand in a row.
    let orderIndices: [Int]
    let key: [SourceColumn]
    /// Whether a primary key sees to it that each key has one row.
    let keysAreUnique: Bool
    /// The first of the order, where that is a cursor.
    let cursor: SourceColumn?
    /// All columns of the source and their types, for the next run to compare.
    let allTypes: [String: String]
    /// What became of the columns since the run that left the position, for a person.
    let changes: [String]
    /// What stands behind FROM.
    let from: String

    /// Finds the columns, of which those are read that are chosen.
    ///
    /// - Throws: `PostgresError`, a preflight error for key and cursor columns that are not there, or what `choose` throws.
    init(
        _ source: PostgresSource,
        on connection: PostgresConnection,
        from start: PostgresPosition?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws {
        from = try await source.relation(connection)
        let all = try await connection.columns(of: "SELECT * FROM \(from)")
        let drift = SchemaDrift(all, since: start)
        try drift.refuseOrder(of: source)
        order = try source.orderColumns.map { name in try all.column(name, of: source) }
        let chosen = try drift.choosing(choose).union(source.orderColumns)
        let columns = all.filter { chosen.contains($0.name) }
        // What nobody looks at costs the server, the network and us.
        let names = try columns.map { try PostgresQuoting.identifier($0.name) }
        select = "SELECT \(names.joined(separator: ", ")) FROM \(from)"
        schema = try Schema(columns)
        padded = Set(columns.indices.filter { columns[$0].baseType == "bpchar" })
        orderIndices = source.orderColumns.compactMap { name in columns.firstIndex { $0.name == name } }
        key = source.keyColumns.compactMap { name in columns.first { $0.name == name } }
        cursor = source.cursor == nil ? nil : order.first
        keysAreUnique = try await source.keysAreUnique(key, connection)
        allTypes = Dictionary(all.map { ($0.name, $0.sqlType) }) { first, _ in first }
        changes = drift.remarks
    }

    func query(isOrdered: Bool) -> KeysetQuery {
        KeysetQuery(
            select,
            cursor: cursor,
            key: Array(cursor == nil ? order[...] : order.dropFirst()),
            isOrdered: isOrdered
        )
    }

    /// What a row has in the columns of the order.
    func order(of row: Int, in batch: Batch) -> [String?] {
        orderIndices.map { batch.columns[$0][row] }
    }

    /// Whether the cursor is a time.
    var isMoment: Bool { ["date", "timestamp", "timestamptz"].contains(cursor?.baseType) }
}

extension Schema {
    init(_ columns: [SourceColumn]) throws {
        try self.init(columns.map { Column($0.name, $0.logicalType) })
    }
}

extension PostgresSource {
    /// What stands behind FROM.
    fileprivate func relation(_ connection: PostgresConnection) async throws -> String {
        switch relation {
        case .query(let query):
            let statement = query.trimmingSuffix { $0 == ";" || $0.isWhitespace }
            return "(\(statement)\n) AS source"
        case .table(let name):
            // The server reads the name as SQL does, quotes and case included, and says how it is written in full.
            let rows = try await connection.query("SELECT $1::regclass::oid::regclass::text", [name])
            return rows.first?[0] ?? name
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isSuffix: (Character) -> Bool) -> Substring {
        var end = endIndex
        while end > startIndex, isSuffix(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}

extension [SourceColumn] {
    fileprivate func column(_ name: String, of source: PostgresSource) throws -> SourceColumn {
        if let column = first(where: { $0.name == name }) { return column }
        let setting = name == source.cursor ? "cursor" : "key"
        throw RollcallError(
            .preflight,
            "`\(setting)` names no column of the source: \"\(name)\"",
            hint: suggestion(for: name, among: map(\.name)) ?? "the columns are: \(map(\.name).joined(separator: ", "))"
        )
    }
}
