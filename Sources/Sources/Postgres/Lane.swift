internal import PostgresClient
internal import RollcallCore

/// One of the connections of a partitioned reading, with the ranges that it reads, one after the other.
actor Lane {
    /// Some rows of one range.
    struct Piece: Sendable {
        let batch: Batch
        /// Which of all ranges.
        let range: Int
    }

    /// All ranges that it reads, by their places among those of the reading.
    nonisolated let ranges: [Int]
    private let connection: PostgresConnection
    private let readers: [StretchReader]
    private let isOrdered: Bool
    /// The range that is being read.
    private var current = 0

    /// The thread on which the connection's calls block.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe connection.unownedExecutor }

    /// - Precondition: `connection` is in a transaction of the snapshot.
    init(
        _ ranges: [(place: Int, range: KeyRange, stretches: [KeysetQuery.Stretch])],
        of opened: OpenRelation,
        on connection: PostgresConnection
    ) {
        self.connection = connection
        self.ranges = ranges.map(\.place)
        isOrdered = opened.source.isOrdered
        readers = ranges.map { _, range, stretches in
            StretchReader(
                stretches,
                of: opened.relation,
                opened.source,
                on: connection,
                behind: range.after
            )
        }
    }

    /// The next rows; nil behind the last of all ranges.
    func next(atMost rowCount: Int) async throws -> Piece? {
        while current < readers.count {
            if let batch = try await readers[current].next(atMost: rowCount) {
                return Piece(batch: batch, range: ranges[current])
            }
            current += 1
        }
        return nil
    }

    func rewind() async throws {
        if !isOrdered { try await connection.readInOneOrder() }
        for reader in readers { reader.rewind() }
        current = 0
    }

    func close() async {
        await connection.endReading()
    }
}
