internal import PostgresClient
internal import RollcallCore

/// A relation in the middle of being read: one REPEATABLE READ snapshot, one COPY after the other.
actor PostgresSourceReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int?
    nonisolated let keysAreUnique: Bool
    nonisolated let reservations: [String]

    private let connection: PostgresConnection
    private let source: PostgresSource
    private let relation: FoundRelation
    private let rows: StretchReader
    /// Where another reading begins.
    private let beginning: PostgresPosition
    /// Where the reader is; begins as the position it was opened after.
    private var place: PostgresPosition

    /// The thread on which the connection's calls block.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe connection.unownedExecutor }

    nonisolated var actor: (any Actor)? { self }

    /// - Parameters:
    ///   - opened: What is read.
    ///   - stretches: What is left of it behind `place`.
    ///   - place: Where the reader begins.
    init(_ opened: OpenRelation, _ stretches: [KeysetQuery.Stretch], from place: PostgresPosition) {
        source = opened.source
        connection = opened.connection
        relation = opened.relation
        schema = relation.schema
        estimatedRowCount = opened.estimatedRowCount
        keysAreUnique = relation.keysAreUnique
        reservations = opened.reservations
        beginning = place
        self.place = place
        rows = StretchReader(
            stretches,
            of: relation,
            source,
            on: connection,
            behind: place.after
        )
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        guard var batch = try await rows.next(atMost: rowCount) else { return nil }
        guard source.isOrdered, let last = rows.last else { return batch }
        // The last cursor that is not NULL is where the next run starts, so rows without one do not move it.
        if source.cursor != nil, let cursor = last.first ?? nil { place.from = cursor }
        place.after = last
        batch.position = try place.position()
        return batch
    }

    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        try await connection.rows(withKeys: keys, in: relation)
    }

    /// The snapshot is still there.
    func rewind() async throws -> Bool {
        if !source.isOrdered { try await connection.readInOneOrder() }
        rows.rewind()
        place = beginning
        return true
    }

    func finalPosition() async throws -> Position? {
        guard let cursor = relation.cursor, let last = place.from else { return nil }
        var next = PostgresPosition()
        next.columns = place.columns
        next.types = place.types
        next.schema = relation.allTypes
        do {
            next.from = try await isEarlier(place.bound, than: last, type: cursor.sqlType) ? place.bound : last
        } catch let error as PostgresError {
            throw error.readingError
        }
        return try next.position()
    }

    func close() async {
        await connection.endReading()
    }

    private func isEarlier(_ one: String?, than other: String, type: String) async throws -> Bool {
        guard let one else { return false }
        let rows = try await connection.query("SELECT $1::\(type) < $2::\(type) AS is_earlier", [one, other])
        return try rows.first?.value("is_earlier") ?? false
    }
}

extension PostgresConnection {
    /// Looks rows up by the values of their key columns.
    func rows(withKeys keys: [[String]], in relation: FoundRelation) async throws -> Batch {
        do {
            let wanted = try KeyLookup(relation.select, keys: relation.key, values: keys)
            try await bind(wanted.parameters)
            try await startCopyOut("COPY (\(wanted.sql)) TO STDOUT")
            var rows = CopyTextRows(schema: relation.schema, padded: relation.padded, rowCapacity: keys.count)
            while try await readCopy(maxRows: 1_000, into: &rows, { rows, line in try rows.append(line) }) > 0 {}
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
}
