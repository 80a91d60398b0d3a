internal import PostgresClient
internal import RollcallCore

/// A relation whose snapshot was taken, before the first row.
struct OpenRelation: Sendable {
    let source: PostgresSource
    /// In the transaction of the snapshot.
    let connection: PostgresConnection
    let relation: FoundRelation
    let estimatedRowCount: Int?
    let reservations: [String]

    /// Takes the snapshot, finds the columns, and makes a reader of what follows behind a position.
    ///
    /// - Throws: `PostgresError`, a preflight error for key and cursor columns that are not there, or what `choose` throws.
    static func reader(
        of source: PostgresSource,
        on connection: PostgresConnection,
        from start: PostgresPosition?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        // Asked before the snapshot is taken: whoever commits in between is seen by the snapshot.
        let (bound, sight) = try await before(source, connection)
        try await connection.beginReading()
        let relation = try await FoundRelation(source, on: connection, from: start, choosing: choose)
        if source.lag != nil, !relation.isMoment { throw lagWithoutTime(source, relation) }
        var place = start ?? PostgresPosition()
        place.columns = source.orderColumns
        place.types = relation.order.map(\.sqlType)
        place.schema = nil
        if place.after == nil || place.bound == nil {
            place.bound = relation.isMoment ? bound?[relation.cursor?.baseType == "timestamptz" ? 0 : 1] : nil
        }
        let query = relation.query(isOrdered: source.isOrdered)
        if relation.cursor == nil {
            place.ranges = try await source.ranges(of: relation, connection, from: start)
        }
        let stretches = try place.ranges.map { try $0.flatMap(query.stretches(of:)) } ?? query.stretches(from: place)
        let plan = try await Plan(stretches, connection)
        let opened = OpenRelation(
            source: source,
            connection: connection,
            relation: relation,
            estimatedRowCount: plan.rowCount,
            reservations: try await reservations(sight, plan, relation, source, connection) + relation.changes
        )
        guard let ranges = place.ranges else { return PostgresSourceReader(opened, stretches, from: place) }
        return try await PartitionedReader.open(opened, ranges, from: place)
    }

    private static func before(
        _ source: PostgresSource,
        _ connection: PostgresConnection
    ) async throws -> (bound: PostgresRow?, CursorSight) {
        try await connection.begin(.readOnly)
        try await connection.execute(script: "SET LOCAL datestyle = 'ISO, YMD'")
        let bound = try await connection.query(oldestOpenTransaction, ["\(source.lag?.seconds ?? 0) seconds"])
        let sight = try await CursorSight(connection)
        try await connection.commit()
        return (bound.first, sight)
    }

    /// The start of the oldest transaction that may still commit rows; else now; and no later than `$1` ago.
    ///
    /// First with its zone, then as the clocks farthest in the west (UTC-12) show it: nobody knows by which ones times without a zone were
    /// written.
    private static let oldestOpenTransaction = """
        SELECT oldest::text, (oldest AT TIME ZONE 'UTC' - interval '12 hours')::text FROM (
            SELECT least(
                now() - $1::interval,
                (SELECT min(xact_start) FROM pg_catalog.pg_stat_activity
                 WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()),
                (SELECT min(prepared) FROM pg_catalog.pg_prepared_xacts
                 WHERE database = pg_catalog.current_database())
            ) AS oldest
        ) AS open_transactions
        """

    private static func reservations(
        _ sight: CursorSight,
        _ plan: Plan,
        _ relation: FoundRelation,
        _ source: PostgresSource,
        _ connection: PostgresConnection
    ) async throws -> [String] {
        guard let cursor = source.cursor else { return [] }
        return try await sight.reading(by: plan, connection)
            .reservations(cursor: cursor, isMoment: relation.isMoment, lag: source.lag)
    }

    private static func lagWithoutTime(_ source: PostgresSource, _ relation: FoundRelation) -> RollcallError {
        RollcallError(
            .preflight,
            "`lag` needs a cursor that is a time, and \"\(source.cursor ?? "")\" is of the type \(relation.cursor?.sqlType ?? "")",
            hint: "leave `lag` out, and let a sweep find rows that were committed late: `sweep: { every: 24h }`"
        )
    }
}
