internal import PostgresClient
internal import RollcallCore

/// Whether the source can see which transactions may still commit rows, without which a cursor alone may pass some by.
struct CursorSight: Equatable {
    /// Transactions on the primary cannot be seen from here.
    var isStandby: Bool
    /// The role may see the start of other roles' transactions.
    var seesOthers: Bool
    /// The role may see the transactions of all sessions, and some of them hide theirs.
    var isHiddenFrom = false
    /// Tables that are filled with rows of another server, whose transactions cannot be seen from here.
    var subscribedTables: [String] = []
    /// Rows come from another server, whose transactions cannot be seen from here.
    var readsForeignRows = false
    /// Views whose rows appear when they are refreshed, long after their cursors.
    var materializedViews: [String] = []

    init(isStandby: Bool, seesOthers: Bool) {
        self.isStandby = isStandby
        self.seesOthers = seesOthers
    }

    init(_ connection: PostgresConnection) async throws {
        // pg_stat_activity shows `xact_start` of others to superusers and members of this role alone (PostgreSQL manual,
        // "The Cumulative Statistics System").
        let rows = try await connection.query(
            """
            SELECT pg_catalog.pg_is_in_recovery() AS is_standby,
                   pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_others,
                   EXISTS (
                       SELECT FROM pg_catalog.pg_stat_activity
                       WHERE datname = pg_catalog.current_database() AND state = 'disabled'
                   ) AS is_hidden_from
            """
        )
        isStandby = try rows.first?.value("is_standby") ?? true
        seesOthers = try rows.first?.value("sees_others") ?? false
        isHiddenFrom = try rows.first?.value("is_hidden_from") ?? true
    }

    /// The same, for rows that are read by this plan.
    func reading(by plan: Plan, _ connection: PostgresConnection) async throws -> CursorSight {
        var sight = self
        sight.readsForeignRows = plan.readsForeignRows
        sight.subscribedTables = try await plan.subscribed(connection)
        sight.materializedViews = try await plan.materializedViews(connection)
        return sight
    }

    /// What a cursor cannot promise here, each with the way out.
    func reservations(cursor: String, isMoment: Bool, lag: DurationSetting?) -> [String] {
        guard lag == nil else { return [] }
        let late = "rows that are committed late can be passed by until the next sweep"
        if !isMoment {
            return [
                "the cursor \"\(cursor)\" is no time, so \(late); let one be made now and then: `sweep: { every: 24h }`"
            ]
        }
        var reservations: [String] = []
        if isStandby {
            reservations.append(
                "the database is a standby, which does not know the transactions of its primary, so \(late); set `lag`"
            )
        } else if !seesOthers {
            reservations.append(
                "the role may not see other transactions, so \(late); GRANT pg_read_all_stats to it, or set `lag`"
            )
        }
        if isHiddenFrom {
            reservations.append(
                "sessions with `track_activities = off` hide their transactions, so \(late); set `lag`"
            )
        }
        if !subscribedTables.isEmpty {
            reservations.append(
                """
                a subscription fills \(subscribedTables.joined(separator: ", ")), and the transactions of its publisher cannot be seen, \
                so \(late); set `lag`
                """
            )
        }
        if readsForeignRows {
            reservations.append(
                "rows come from a foreign table, and the transactions of its server cannot be seen, so \(late); set `lag`"
            )
        }
        if !materializedViews.isEmpty {
            reservations.append(
                """
                rows of the materialized view \(materializedViews.joined(separator: ", ")) appear when it is refreshed, with cursors \
                that are older, so they can be passed by until the next sweep; set `lag` to more than the time from one refresh to \
                the end of the next
                """
            )
        }
        return reservations
    }
}
