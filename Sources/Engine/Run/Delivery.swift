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
    /// How many rows a later row of the same contact replaced, by the number of their batch.
    let superseded: [Int: Int]
    /// The last batch that has a row here, delivered or superseded.
    let lastBatch: Int

    /// Whether some contact has a row in an earlier delivery of the run, too.
    func repeats(_ earlier: Delivery) -> Bool {
        let places = Set(intents.lazy.compactMap(\.self).filter(\.isRepeat).map(\.place))
        return !places.isEmpty && earlier.intents.contains { $0.map { places.contains($0.place) } ?? false }
    }
}

/// Fills deliveries from batches of any size, in order.
///
/// Rows that wait are copied, so that one row that waits for company does not keep the whole of its batch in memory. Where two rows
/// of a delivery have one contact, the later one goes and the earlier counts as duplicate.
struct DeliveryGrouper {
    private let rowsPerDelivery: Int
    private let fills: Bool

    private var builder: BatchBuilder
    /// The batch of each row in the builder.
    private var owners: [Int] = []
    private var origins: [Int] = []
    private var intents: [RowIntent?] = []
    /// Rows in the builder that a later one replaced.
    private var replaced: Set<Int> = []
    private var nextNumber = 0

    /// `fills` is as `SinkWriter.fillsDeliveries` says.
    init(schema: Schema, rowsPerDelivery: Int, fills: Bool = true) {
        self.rowsPerDelivery = rowsPerDelivery
        self.fills = fills
        builder = BatchBuilder(schema: schema)
    }

    /// The batch of the first row that waits.
    var oldestBatch: Int? { owners.first }

    /// Adds the rows of a batch and returns the deliveries that are full.
    ///
    /// `intents` are for each row what the ledger is to learn; none where there is no ledger.
    mutating func add(_ batch: Batch, number: Int, intents rowIntents: [RowIntent?] = []) -> [Delivery] {
        if !fills, rowIntents.isEmpty, owners.isEmpty, batch.rowCount <= rowsPerDelivery {
            return batch.rowCount == 0 ? [] : [delivery(of: batch, number)]
        }
        return batch.withPinnedColumns { columns in
            var full: [Delivery] = []
            for row in 0..<batch.rowCount {
                // Rows without a contact are none another's duplicates; the sink says what is wrong with them.
                if !rowIntents.isEmpty, let intent = rowIntents[row], intent.isRepeat,
                    let earlier = intents.lastIndex(where: { $0?.place == intent.place })
                {
                    replaced.insert(earlier)
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
            superseded: replaced.reduce(into: [:]) { $0[owners[$1], default: 0] += 1 },
            lastBatch: lastBatch
        )
        owners = []
        origins = []
        intents = []
        replaced = []
        nextNumber += 1
        return delivery
    }
}
