internal import Foundation
internal import PostgresClient
internal import RollcallCore

/// A relation in the middle of being read: one REPEATABLE READ snapshot, one COPY after the other.
actor PostgresSourceReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int?
    nonisolated let reservations: [String]

    private let connection: PostgresConnection
    private let source: PostgresSource
    /// Where the columns of the order stand in a row.
    private let orderIndices: [Int]
    private let cursorType: String?
    /// The whole relation, for looking rows up by their keys.
    private let select: String
    private let keys: [SourceColumn]
    private var stretches: ArraySlice<KeysetQuery.Stretch>
    /// Where another reading begins.
    private let beginning: (stretches: [KeysetQuery.Stretch], place: PostgresPosition)
    private var isCopying = false
    /// Why nothing follows the rows that were handed over.
    private var failure: RollcallError?
    /// Where the reader is; begins as the position it was opened after.
    private var place: PostgresPosition

    private static let bytesPerBatch = 4 << 20

    /// The thread on which the connection's calls block.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe connection.unownedExecutor }

    nonisolated var actor: (any Actor)? { self }

    private init(
        _ source: PostgresSource,
        on connection: PostgresConnection,
        columns: [SourceColumn],
        select: String,
        stretches: [KeysetQuery.Stretch],
        orderIndices: [Int],
        estimatedRowCount: Int?,
        reservations: [String],
        place: PostgresPosition
    ) throws {
        self.source = source
        self.connection = connection
        self.select = select
        self.keys = source.keyColumns.compactMap { name in columns.first { $0.name == name } }
        self.stretches = stretches[...]
        beginning = (stretches, place)
        self.orderIndices = orderIndices
        self.estimatedRowCount = estimatedRowCount
        self.reservations = reservations
        self.place = place
        cursorType = source.cursor.flatMap { name in columns.first { $0.name == name }?.sqlType }
        schema = try Schema(columns)
    }

    /// Takes the snapshot and finds the columns.
    ///
    /// - Throws: `PostgresError`, a preflight error for key and cursor columns that are not there, or what `choose` throws.
    static func open(
        _ source: PostgresSource,
        on connection: PostgresConnection,
        from start: PostgresPosition?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> PostgresSourceReader {
        // Asked before the snapshot is taken: whoever commits in between is seen by the snapshot.
        try await connection.execute(script: sessionSettings)
        let bound = try await connection.query(oldestOpenTransaction, ["\(source.lag?.seconds ?? 0) seconds"])
        let sight = try await CursorSight(connection)
        try await connection.begin(.repeatableReadReadOnly)
        try await connection.execute(script: "SET LOCAL timezone = 'UTC'")
        let relation = try await source.relation(connection)
        let all = try await connection.columns(of: "SELECT * FROM \(relation)")
        let order = try source.orderColumns.map { name in try all.column(name, of: source) }
        let chosen = try choose(try Schema(all)).union(source.orderColumns)
        let columns = all.filter { chosen.contains($0.name) }
        // What nobody looks at costs the server, the network and us.
        let select =
            "SELECT \(try columns.map { try PostgresQuoting.identifier($0.name) }.joined(separator: ", ")) FROM \(relation)"
        let query = KeysetQuery(
            select,
            cursor: source.cursor == nil ? nil : order.first,
            key: Array(source.cursor == nil ? order[...] : order.dropFirst()),
            isOrdered: source.isOrdered
        )
        let stretches = try query.stretches(from: start)
        var place = start ?? PostgresPosition()
        place.columns = source.orderColumns
        let isMoment = source.cursor != nil && ["date", "timestamp", "timestamptz"].contains(order.first?.baseType)
        if source.lag != nil, !isMoment {
            throw RollcallError(
                .preflight,
                "`lag` needs a cursor that is a time, and \"\(source.cursor ?? "")\" is of the type \(order.first?.sqlType ?? "")",
                hint: "leave `lag` out, and let a sweep find rows that were committed late: `sweep: { every: 24h }`"
            )
        }
        if place.after == nil || place.bound == nil {
            place.bound = isMoment ? bound.first?[order.first?.baseType == "timestamptz" ? 0 : 1] : nil
        }
        return try PostgresSourceReader(
            source,
            on: connection,
            columns: columns,
            select: select,
            stretches: stretches,
            orderIndices: source.orderColumns.compactMap { name in columns.firstIndex { $0.name == name } },
            estimatedRowCount: try await estimate(stretches, connection),
            reservations: source.cursor.map { sight.reservations(cursor: $0, isMoment: isMoment, lag: source.lag) }
                ?? [],
            place: place
        )
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        if let failure { throw failure }
        do {
            while !stretches.isEmpty {
                if let batch = try await nextOfStretch(rowCount) { return batch }
                stretches.removeFirst()
            }
            return nil
        } catch let error as PostgresError {
            throw error.readingError
        }
    }

    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        do {
            let wanted = try KeyLookup(select, keys: self.keys, values: keys)
            try await connection.bind(wanted.parameters)
            try await connection.startCopyOut("COPY (\(wanted.sql)) TO STDOUT")
            var rows = CopyTextRows(schema: schema, rowCapacity: keys.count)
            while try await connection.readCopy(maxRows: 1_000, into: &rows, { rows, line in try rows.append(line) })
                > 0
            {}
            return rows.finish(position: nil)
        } catch let error as PostgresError where error.isConnectionGone {
            throw error.readingError
        } catch let error as PostgresError {
            throw RollcallError(
                .fatal,
                "rows cannot be looked up by their keys: \(error)",
                hint: """
                    is each key of the type of its column? A row that was refused before the type was changed: \
                    `rollcall rejects drop` forgets it
                    """,
                cause: error
            )
        }
    }

    /// The snapshot is still there.
    func rewind() -> Bool {
        (stretches, place) = (beginning.stretches[...], beginning.place)
        return true
    }

    func finalPosition() async throws -> Position? {
        guard let cursorType, let last = place.from else { return nil }
        var next = PostgresPosition()
        next.columns = place.columns
        do {
            next.from = try await isEarlier(place.bound, than: last, type: cursorType) ? place.bound : last
        } catch let error as PostgresError {
            throw error.readingError
        }
        return try next.position()
    }

    func close() async {
        await connection.close()
    }

    private func nextOfStretch(_ rowCount: Int) async throws -> Batch? {
        guard let stretch = stretches.first else { return nil }
        if !isCopying {
            try await connection.bind(stretch.parameters)
            try await connection.startCopyOut("COPY (\(stretch.sql)) TO STDOUT")
            isCopying = true
        }
        var rows = CopyTextRows(schema: schema, rowCapacity: rowCount)
        let count = try await connection.readCopy(
            maxRows: rowCount,
            maxBytes: Self.bytesPerBatch,
            into: &rows
        ) { rows, line in
            try rows.append(line)
        }
        guard count > 0 else {
            isCopying = false
            return nil
        }
        var batch = rows.finish(position: nil)
        guard source.isOrdered else { return batch }
        let faults = [rowWithoutKey(in: batch), rowsAlike(in: batch)].compactMap(\.self)
        if let fault = faults.min(by: { $0.row < $1.row }) {
            guard fault.row > 0 else { throw fault.error }
            // The rows before it have their places.
            failure = fault.error
            batch = batch.keeping(Array(0..<fault.row))
        }
        move(behind: orderIndices.map { batch.columns[$0][batch.rowCount - 1] })
        batch.position = try place.position()
        return batch
    }

    /// Rows with one cursor and key have no order among them: after an interruption nobody could tell which were settled.
    ///
    /// - Returns: The first of two such rows, and what is wrong with them.
    private func rowsAlike(in batch: Batch) -> (row: Int, error: RollcallError)? {
        var alike: Int?
        if place.after == orderIndices.map({ batch.columns[$0][0] }) {
            alike = 0
        } else {
            batch.withPinnedColumns { columns in
                let order = orderIndices.map { columns[$0] }
                for row in 1..<max(batch.rowCount, 1) where alike == nil {
                    if order.allSatisfy({ $0.isEqual(row, row - 1) }) { alike = row - 1 }
                }
            }
        }
        return alike.map { row in
            let columns = source.orderColumns.joined(separator: ", ")
            let error = RollcallError(
                .fatal,
                "`key` does not tell rows apart: two have the same \(columns)",
                hint:
                    "name all columns of the primary key, or make the rows unique with a `query` (SELECT DISTINCT ON …)"
            )
            return (row, error)
        }
    }

    /// A row without a key has no place in the order: a run that goes on after its cursor would pass it by.
    private func rowWithoutKey(in batch: Batch) -> (row: Int, error: RollcallError)? {
        let faults = zip(source.orderColumns, orderIndices).compactMap {
            name,
            index -> (row: Int, error: RollcallError)? in
            guard name != source.cursor, let row = batch.columns[index].cells.firstIndex(where: \.isNull) else {
                return nil
            }
            let error = RollcallError(
                .fatal,
                "the key column \"\(name)\" is NULL in a row, so the row has no place in the order",
                hint: "choose a `key` that is never NULL, or leave such rows out with a `query`"
            )
            return (row, error)
        }
        return faults.min { $0.row < $1.row }
    }

    /// Notes the last row of a batch by its values of the order.
    ///
    /// The last cursor that is not NULL is where the next run starts, so rows without one do not move it.
    private func move(behind values: [String?]) {
        if source.cursor != nil, let cursor = values.first ?? nil { place.from = cursor }
        place.after = values
    }

    private func isEarlier(_ one: String?, than other: String, type: String) async throws -> Bool {
        guard let one else { return false }
        let rows = try await connection.query("SELECT $1::\(type) < $2::\(type) AS is_earlier", [one, other])
        return try rows.first?.value("is_earlier") ?? false
    }
}

extension PostgresSourceReader {
    /// The start of the oldest transaction that may still commit rows, with its zone and in the session's own; else now; and no later
    /// than `$1` ago.
    private static let oldestOpenTransaction = """
        SELECT oldest::text, (oldest::timestamp)::text FROM (
            SELECT least(
                now() - $1::interval,
                (SELECT min(xact_start) FROM pg_catalog.pg_stat_activity
                 WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()),
                (SELECT min(prepared) FROM pg_catalog.pg_prepared_xacts
                 WHERE database = pg_catalog.current_database())
            ) AS oldest
        ) AS open_transactions
        """

    /// Fixes what a role or database may have set otherwise: how values look as text, and time limits, since a COPY waits for a
    /// sink that is paced.
    private static let sessionSettings = """
        SET datestyle = 'ISO, YMD';
        SET intervalstyle = 'postgres';
        SET bytea_output = 'hex';
        SET extra_float_digits = 1;
        SET statement_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;
        """

    /// The planner's guess at the rows of all stretches.
    private static func estimate(
        _ stretches: [KeysetQuery.Stretch],
        _ connection: PostgresConnection
    ) async throws -> Int? {
        var total = 0
        for stretch in stretches {
            try await connection.bind(stretch.parameters)
            let plan = try await connection.query("EXPLAIN (FORMAT JSON) \(stretch.sql)")
            guard let json = plan.first?[0], let rows = Explanation.rows(in: json) else { return nil }
            total += rows
        }
        return total
    }
}

/// The part of EXPLAIN's answer that is needed here.
private struct Explanation: Decodable {
    struct Plan: Decodable {
        let rows: Int

        enum CodingKeys: String, CodingKey {
            case rows = "Plan Rows"
        }
    }

    let plan: Plan

    enum CodingKeys: String, CodingKey {
        case plan = "Plan"
    }

    static func rows(in json: String) -> Int? {
        try? JSONDecoder().decode([Explanation].self, from: Data(json.utf8)).first?.plan.rows
    }
}

extension PostgresConnection {
    /// Gives the parameters of a COPY their values, for this transaction.
    fileprivate func bind(_ parameters: [String]) async throws {
        for (index, value) in parameters.enumerated() {
            try await query("SELECT pg_catalog.set_config($1, $2, true)", ["rollcall.p\(index + 1)", value])
        }
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

extension Schema {
    fileprivate init(_ columns: [SourceColumn]) throws {
        try self.init(columns.map { Column($0.name, $0.logicalType) })
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
