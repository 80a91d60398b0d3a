internal import PostgresClient
internal import RollcallCore

/// A relation that is read in several ranges of its key at once, each on a connection of its own and all in one snapshot.
///
/// Each lane reads one piece ahead. Pieces are handed out by turns, so that the order of rows depends on nothing but the data and
/// the ranges.
actor PartitionedReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int?
    nonisolated let keysAreUnique: Bool
    nonisolated let reservations: [String]

    private let opened: OpenRelation
    private let lanes: [Lane]
    private let beginning: (place: PostgresPosition, ranges: [KeyRange])
    /// How far each range was handed out; nil once it is through.
    private var ranges: [KeyRange?]
    /// Lanes that are not through, by turns.
    private var waiting: [Int]
    private var turn = 0
    /// What the lanes read ahead.
    private var ahead: [Task<Lane.Piece?, any Error>?]
    /// What was not handed out of the last piece.
    private var rest: (piece: Lane.Piece, start: Int)?
    /// After it nothing follows.
    private var failure: (any Error)?

    nonisolated var actor: (any Actor)? { self }

    /// Connects for each lane, at most `partitions` of them, in the snapshot of the relation.
    static func open(
        _ opened: OpenRelation,
        _ ranges: [KeyRange],
        from place: PostgresPosition
    ) async throws -> PartitionedReader {
        let count = min(opened.source.partitions, ranges.count)
        let snapshot = count > 1 ? try await opened.connection.query("SELECT pg_catalog.pg_export_snapshot()") : nil
        var connections = [opened.connection]
        do {
            while connections.count < count {
                connections.append(try await opened.source.connection())
                try await connections.last?.beginReading(snapshot: snapshot?.first?[0])
            }
            let query = opened.relation.query(isOrdered: opened.source.isOrdered)
            let lanes = try connections.enumerated().map { lane, connection in
                let places = ranges.indices.filter { $0 % connections.count == lane }
                let own = try places.map { place in
                    (place: place, range: ranges[place], stretches: try query.stretches(of: ranges[place]))
                }
                return Lane(own, of: opened, on: connection)
            }
            return PartitionedReader(opened, lanes, ranges, from: place)
        } catch {
            for connection in connections.dropFirst() { await connection.endReading() }
            throw error
        }
    }

    private init(
        _ opened: OpenRelation,
        _ lanes: [Lane],
        _ ranges: [KeyRange],
        from place: PostgresPosition
    ) {
        self.opened = opened
        self.lanes = lanes
        schema = opened.relation.schema
        estimatedRowCount = opened.estimatedRowCount
        keysAreUnique = opened.relation.keysAreUnique
        reservations = opened.reservations
        beginning = (place, ranges)
        self.ranges = ranges
        waiting = Array(lanes.indices)
        ahead = lanes.map { _ in nil }
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        if let failure { throw failure }
        do {
            guard let (piece, start) = try await nextPiece() else { return nil }
            let end = min(piece.batch.rowCount, start + rowCount)
            rest = end < piece.batch.rowCount ? (piece, end) : nil
            var batch = piece.batch
            if end - start < batch.rowCount { batch = batch.keeping(Array(start..<end)) }
            guard opened.source.isOrdered else { return batch }
            let last = opened.relation.order(of: batch.rowCount - 1, in: batch)
            ranges[piece.range]?.after = last.compactMap(\.self)
            batch.position = try position
            return batch
        } catch {
            failure = error
            throw error
        }
    }

    /// What is handed out next, from which row on.
    private func nextPiece() async throws -> (Lane.Piece, Int)? {
        if let rest { return rest }
        for lane in waiting where ahead[lane] == nil { readAhead(lane) }
        while !waiting.isEmpty {
            let lane = waiting[turn]
            guard let piece = try await result(of: lane) else {
                finish(lanes[lane].ranges)
                waiting.remove(at: turn)
                if turn == waiting.count { turn = 0 }
                continue
            }
            finish(lanes[lane].ranges.prefix { $0 != piece.range })
            readAhead(lane)
            turn = (turn + 1) % waiting.count
            return (piece, 0)
        }
        return nil
    }

    private func readAhead(_ lane: Int) {
        let rowCount = opened.source.rowsPerPiece
        ahead[lane] = Task { [lane = lanes[lane]] in try await lane.next(atMost: rowCount) }
    }

    private func result(of lane: Int) async throws -> Lane.Piece? {
        guard let task = ahead[lane] else { return nil }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func finish(_ places: some Sequence<Int>) {
        for place in places { ranges[place] = nil }
    }

    private var position: Position {
        get throws {
            var place = beginning.place
            place.ranges = ranges.compactMap(\.self)
            return try place.position()
        }
    }

    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        try await opened.connection.rows(withKeys: keys, in: opened.relation)
    }

    func rewind() async throws -> Bool {
        for lane in lanes { try await lane.rewind() }
        ranges = beginning.ranges
        waiting = Array(lanes.indices)
        ahead = lanes.map { _ in nil }
        turn = 0
        return true
    }

    /// There is no cursor: the next run reads everything.
    func finalPosition() -> Position? { nil }

    func close() async {
        for task in ahead { task?.cancel() }
        for task in ahead { _ = await task?.result }
        for lane in lanes { await lane.close() }
    }
}
