internal import RollcallCore

/// Rows that go to the sink in one call, and the batches they come from.
struct Delivery: Sendable {
    /// Counted from zero in the order in which deliveries are made.
    let number: Int
    let rows: Batch
    /// For each row the number of the batch it comes from; ascending.
    let owners: [Int]
    /// For each row its index in that batch as the source made it.
    let origins: [Int]
    /// For each row what the ledger is to learn; empty where there is no ledger.
    let intents: [RowIntent?]
    let keys: KeyIndex
    /// How many rows a later row with the same key replaced, by the number of their batch.
    let superseded: [Int: Int]
    /// The last batch that has a row here, delivered or superseded.
    let lastBatch: Int
}

/// Fills deliveries from batches of any size, in order.
///
/// Rows that wait are copied, so that one row that waits for company does not keep the whole of its batch in memory. Where two rows
/// of a delivery have one key, the later one goes and the earlier counts as duplicate.
struct DeliveryGrouper {
    private let rowsPerDelivery: Int
    private let keyColumn: Int?
    private let fills: Bool

    private var builder: BatchBuilder
    /// The batch of each row in the builder.
    private var owners: [Int] = []
    private var origins: [Int] = []
    private var intents: [RowIntent?] = []
    /// Where in the builder the row with a key is.
    private var keys: KeyIndex
    /// Rows in the builder that a later one replaced.
    private var replaced: Set<Int> = []
    private var nextNumber = 0

    /// `fills` is as `SinkWriter.fillsDeliveries` says.
    init(schema: Schema, rowsPerDelivery: Int, keyColumn: Int?, fills: Bool = true) {
        self.rowsPerDelivery = rowsPerDelivery
        self.keyColumn = keyColumn
        self.fills = fills
        builder = BatchBuilder(schema: schema)
        keys = KeyIndex(capacity: rowsPerDelivery)
    }

    /// The batch of the first row that waits.
    var oldestBatch: Int? { owners.first }

    /// Adds the rows of a batch and returns the deliveries that are full.
    ///
    /// `intents` are for each row what the ledger is to learn; none where there is no ledger.
    mutating func add(_ batch: Batch, number: Int, intents rowIntents: [RowIntent?] = []) -> [Delivery] {
        if !fills, keyColumn == nil, owners.isEmpty, batch.rowCount <= rowsPerDelivery {
            return batch.rowCount == 0 ? [] : [delivery(of: batch, number)]
        }
        return batch.withPinnedColumns { columns in
            let keyValues = keyColumn.map { columns[$0] }
            var full: [Delivery] = []
            for row in 0..<batch.rowCount {
                // Rows without a key are none another's duplicates; the sink says what is wrong with them.
                if let keyValues, keyValues[row].count > 0 {
                    let earlier = keyValues.withBytes(of: row) { keys.insert($0, row: owners.count) }
                    if let earlier { replaced.insert(earlier) }
                }
                builder.append(row: row, of: columns)
                owners.append(number)
                origins.append(batch.origin(of: row))
                if !rowIntents.isEmpty { intents.append(rowIntents[row]) }
                if owners.count - replaced.count == rowsPerDelivery, let delivery = flush() { full.append(delivery) }
            }
            return full
        }
    }

    /// A batch as it is; nothing is known of its rows that the ledger could learn.
    private mutating func delivery(of batch: Batch, _ number: Int) -> Delivery {
        defer { nextNumber += 1 }
        return Delivery(
            number: nextNumber,
            rows: batch,
            owners: Array(repeating: number, count: batch.rowCount),
            origins: (0..<batch.rowCount).map(batch.origin),
            intents: [],
            keys: KeyIndex(capacity: 0),
            superseded: [:],
            lastBatch: number
        )
    }

    /// The delivery of what is left, if anything is.
    mutating func flush() -> Delivery? {
        guard let lastBatch = owners.last else { return nil }
        let all = builder.finish()
        let kept = owners.indices.filter { !replaced.contains($0) }
        let delivery = Delivery(
            number: nextNumber,
            rows: replaced.isEmpty ? all : all.keeping(kept),
            owners: kept.map { owners[$0] },
            origins: kept.map { origins[$0] },
            intents: intents.isEmpty ? [] : kept.map { intents[$0] },
            keys: keys,
            superseded: replaced.reduce(into: [:]) { $0[owners[$1], default: 0] += 1 },
            lastBatch: lastBatch
        )
        owners = []
        origins = []
        intents = []
        keys = KeyIndex(capacity: rowsPerDelivery)
        replaced = []
        nextNumber += 1
        return delivery
    }
}
