internal import PostgresClient
internal import RollcallCore

/// Reads stretches of a relation on one connection, one COPY after the other.
///
/// Belongs to the actor that runs on the connection's thread.
final class StretchReader {
    private let connection: PostgresConnection
    private let source: PostgresSource
    private let relation: FoundRelation
    private let beginning: (stretches: [KeysetQuery.Stretch], last: [String?]?)
    private var stretches: ArraySlice<KeysetQuery.Stretch>
    private var isCopying = false
    /// Why nothing follows the rows that were handed over.
    private var failure: RollcallError?
    /// The values that the last row has in the columns of the order.
    private(set) var last: [String?]?

    private static let bytesPerBatch = 4 << 20

    /// - Parameters:
    ///   - stretches: Read in this order.
    ///   - relation: What they are of.
    ///   - source: The source that this is about.
    ///   - connection: In a transaction of the snapshot.
    ///   - last: The values of the row behind which the stretches begin.
    init(
        _ stretches: [KeysetQuery.Stretch],
        of relation: FoundRelation,
        _ source: PostgresSource,
        on connection: PostgresConnection,
        behind last: [String?]?
    ) {
        self.connection = connection
        self.source = source
        self.relation = relation
        self.stretches = stretches[...]
        self.last = last
        beginning = (stretches, last)
    }

    func rewind() {
        (stretches, last) = (beginning.stretches[...], beginning.last)
    }

    /// The next rows, without a position; nil behind the last.
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

    private func nextOfStretch(_ rowCount: Int) async throws -> Batch? {
        guard let stretch = stretches.first else { return nil }
        if !isCopying {
            try await connection.bind(stretch.parameters)
            try await connection.startCopyOut("COPY (\(stretch.sql)) TO STDOUT")
            isCopying = true
        }
        var rows = CopyTextRows(schema: relation.schema, padded: relation.padded, rowCapacity: rowCount)
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
        last = relation.order(of: batch.rowCount - 1, in: batch)
        return batch
    }

    /// Rows with one cursor and key have no order among them: after an interruption nobody could tell which were settled.
    ///
    /// - Returns: The first of two such rows, and what is wrong with them.
    private func rowsAlike(in batch: Batch) -> (row: Int, error: RollcallError)? {
        var alike: Int?
        if last == relation.order(of: 0, in: batch) {
            alike = 0
        } else {
            batch.withPinnedColumns { columns in
                let order = relation.orderIndices.map { columns[$0] }
                for row in 1..<max(batch.rowCount, 1) where alike == nil {
                    if order.allSatisfy({ $0.isEqual(row, row - 1) }) { alike = row - 1 }
                }
            }
        }
        return alike.map { row in
            let columns = source.orderColumns.joined(separator: ", ")
            let values = zip(source.orderColumns, relation.order(of: row, in: batch)).filter { $0.0 != source.cursor }
            let key = values.map { $0.1 ?? "NULL" }.joined(separator: ", ")
            let error = RollcallError(
                .fatal,
                "`key` does not tell rows apart: two have the same \(columns), and the key \(key)",
                hint:
                    "name all columns of the primary key, or make the rows unique with a `query` (SELECT DISTINCT ON …)"
            )
            return (row, error)
        }
    }

    /// A row without a key has no place in the order: a run that goes on after its cursor would pass it by.
    private func rowWithoutKey(in batch: Batch) -> (row: Int, error: RollcallError)? {
        let faults = zip(source.orderColumns, relation.orderIndices).compactMap {
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
}
