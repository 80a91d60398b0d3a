internal import PostgresClient
internal import RollcallCore

/// Rows that are enough to tell where the parts of a table lie.
private let sampledRows = 30_000.0

extension PostgresSource {
    /// The ranges in which rows are read at once; nil where all are read one after the other.
    ///
    /// A reading that was interrupted goes on in the ranges in which it began, whatever `partitions` says now.
    func ranges(
        of relation: FoundRelation,
        _ connection: PostgresConnection,
        from start: PostgresPosition?
    ) async throws -> [KeyRange]? {
        if isOrdered, let start, start.ranges != nil || start.after != nil { return start.ranges }
        guard partitions > 1 else { return nil }
        return .some(KeyRange.between(try await bounds(of: relation, connection)))
    }

    /// Values of the first key column that cut the rows into about equal parts.
    private func bounds(of relation: FoundRelation, _ connection: PostgresConnection) async throws -> [String] {
        let name = try PostgresQuoting.identifier(relation.order[0].name)
        let shares = (1..<partitions).map { "\(Double($0) / Double(partitions))" }
        let rows = try await connection.query(
            """
            SELECT bound::text AS value FROM (
                SELECT DISTINCT pg_catalog.unnest(
                    pg_catalog.percentile_disc($1::float8[]) WITHIN GROUP (ORDER BY \(name))
                ) AS bound
                FROM \(relation.from)\(try await sampling(relation, connection))
            ) AS bounds WHERE bound IS NOT NULL ORDER BY bounds.bound
            """,
            ["{\(shares.joined(separator: ","))}"]
        )
        return rows.compactMap { $0[0] }
    }

    /// What makes a look at a large table short; a view, or a query, has to be read as a whole.
    private func sampling(_ relation: FoundRelation, _ connection: PostgresConnection) async throws -> String {
        guard case .table = self.relation else { return "" }
        let rows = try await connection.query(
            "SELECT reltuples FROM pg_catalog.pg_class WHERE oid = $1::regclass AND relkind IN ('r', 'm', 'p')",
            [relation.from]
        )
        guard let count: Double = try rows.first?.value("reltuples") else { return "" }
        let percent = count > sampledRows ? 100 * sampledRows / count : 100
        return " TABLESAMPLE SYSTEM (\(percent))"
    }
}
