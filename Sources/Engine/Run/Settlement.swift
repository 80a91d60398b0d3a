internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// A row of a delivery that did not reach the destination.
struct RefusedRow: Sendable {
    /// In the delivery.
    let row: Int
    let reject: Reject
}

/// Decides which delivery may start and what may be recorded.
///
/// Pure bookkeeping: it does nothing itself.
///
/// The rules that make a crash harmless: a position is recorded only when every row up to it is settled, and no more than
/// `window` deliveries are ever under way or not yet covered by a recorded position. So a crash repeats at most `window`.
struct Settlement {
    private struct OpenBatch {
        let position: Position?
        var balance: Balance
        var rejects: [Reject]
        var closedRejects: [ClosedReject]
        var ledger: LedgerSegment
        let keys: KeyColumns
        /// Rows without an outcome.
        var unsettled: Int
    }

    /// Batches that may wait for a record that is of no use to deliveries; they keep their rows.
    private static let patience = 16

    private let window: Int
    /// Batches that are not recorded, in the source's order; the first has the number `firstNumber`.
    private var batches: [OpenBatch] = []
    private var firstNumber = 0
    /// Deliveries that started and are not covered by a recorded position.
    private var uncovered: [Int: Delivery] = [:]
    /// Those of them that the sink has not answered.
    private var underWay: Set<Int> = []
    /// Deliveries that took place as a whole, and of which the ledger was not told yet.
    private var confirmed: [Int] = []
    /// Deliveries below this number were announced.
    private var announced = 0
    /// The last batch of the record that is being written.
    private var recording: Int?

    init(window: Int) {
        self.window = window
    }

    /// Takes note of a batch, in the source's order, with the rows that are settled without a delivery.
    ///
    /// - Returns: The batch's number.
    mutating func add(_ matched: MatchedBatch, keys: KeyColumns, rejects: [Reject]) -> Int {
        batches.append(
            OpenBatch(
                position: matched.rows.position,
                balance: matched.balance,
                rejects: rejects,
                closedRejects: matched.closedRejects,
                ledger: matched.ledger,
                keys: keys,
                unsettled: matched.rows.rowCount
            )
        )
        return firstNumber + batches.count - 1
    }

    /// The values of the source's key columns for a row of a delivery that is not recorded.
    func key(of row: Int, in delivery: Delivery) -> [String] {
        batches[delivery.owners[row] - firstNumber].keys.values(of: delivery.origins[row])
    }

    private var hasRoom: Bool { uncovered.count < window }

    /// Whether the delivery may start now: it was announced, there is room, and no delivery under way has one of its contacts.
    func admits(_ delivery: Delivery) -> Bool {
        guard delivery.number < announced, hasRoom else { return false }
        return underWay.allSatisfy { number in
            guard let other = uncovered[number] else { return true }
            return !delivery.repeats(other)
        }
    }

    /// Of these deliveries, which wait in the order of their numbers, those that are to be announced next: before a delivery starts,
    /// the ledger is told what it makes of its contacts, and takes their content for unknown until it is confirmed.
    func unannounced(of waiting: [Delivery]) -> [Delivery] { waiting.filter { $0.number >= announced } }

    /// The ledger was told of the deliveries up to this number.
    mutating func announce(upTo number: Int) { announced = max(announced, number + 1) }

    mutating func start(_ delivery: Delivery) {
        uncovered[delivery.number] = delivery
        underWay.insert(delivery.number)
    }

    /// Takes note of the sink's answer.
    ///
    /// - Parameters:
    ///   - delivery: The delivery that it is about.
    ///   - refused: The rows that did not reach the destination.
    ///   - duplicates: By batch how many of its rows came in the place of rows that were counted as delivered.
    ///   - closed: By batch the rows that earlier runs could not deliver.
    mutating func settle(
        _ delivery: Delivery,
        refused: [RefusedRow] = [],
        duplicates: [Int: Int] = [:],
        closed: [Int: [ClosedReject]] = [:]
    ) {
        underWay.remove(delivery.number)
        for owner in delivery.owners {
            update(owner) { $0.balance.delivered += 1 }
        }
        for (owner, count) in delivery.superseded {
            update(owner, settling: count) { $0.balance.duplicate += count }
        }
        for refused in refused {
            update(delivery.owners[refused.row], settling: 0) {
                $0.balance.delivered -= 1
                switch refused.reject.stage {
                case .invalid: $0.balance.invalid += 1
                case .rejected: $0.balance.rejected += 1
                }
                $0.rejects.append(refused.reject)
            }
        }
        for (owner, count) in duplicates {
            update(owner, settling: 0) {
                $0.balance.delivered -= count
                $0.balance.duplicate += count
            }
        }
        if refused.isEmpty { confirmed.append(delivery.number) }
        for (owner, rejects) in closed {
            update(owner, settling: 0) { $0.closedRejects += rejects }
        }
    }

    /// Whether a record is worth its while now; deliveries that wait for room are announced by one that is written anyway.
    func isRecordDue(announcing deliveries: [Delivery]) -> Bool {
        guard recording == nil else { return false }
        return batches.first?.unsettled == 0 || !deliveries.isEmpty && hasRoom
    }

    /// Whether a record can wait: no delivery waits for it, and few batches do.
    var canRecordLater: Bool { uncovered.isEmpty && batches.count < Self.patience }

    /// What can be recorded now: the settled batches at the head, as one.
    ///
    /// With it goes what deliveries are about to make of contacts. Nil while nothing is new or a record is being written.
    mutating func nextRecord(announcing deliveries: [Int: StoredSegment] = [:]) -> SettledRows? {
        guard recording == nil else { return nil }
        let settled = batches.prefix { $0.unsettled == 0 }
        guard !settled.isEmpty || !deliveries.isEmpty else { return nil }
        var record = SettledRows(position: nil, balance: Balance())
        var ledger = LedgerSegment()
        for batch in settled {
            record.position = batch.position ?? record.position
            record.balance += batch.balance
            record.rejects += batch.rejects
            record.closedRejects += batch.closedRejects
            ledger.append(batch.ledger)
        }
        record.ledger = ledger.stored
        record.announced = deliveries
        record.confirmed = confirmed
        confirmed = []
        // Of a key that was both settled and refused, the refusal stays open; the next run looks at the row again.
        let refused = Set(record.rejects.map(\.key))
        record.closedRejects.removeAll { refused.contains($0.key) }
        batches.removeFirst(settled.count)
        firstNumber += settled.count
        recording = firstNumber - 1
        return record
    }

    /// The record was written.
    mutating func recorded() {
        guard let last = recording else { return }
        recording = nil
        uncovered = uncovered.filter { $0.value.lastBatch > last }
    }

    /// Whether every batch is recorded.
    var isComplete: Bool { batches.isEmpty && recording == nil }

    private mutating func update(_ number: Int, settling count: Int = 1, _ change: (inout OpenBatch) -> Void) {
        let index = number - firstNumber
        batches[index].unsettled -= count
        change(&batches[index])
    }
}
