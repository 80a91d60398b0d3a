internal import PostgresCheckpoints
internal import RollcallCore

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
        /// Rows without an outcome.
        var unsettled: Int
    }

    private let window: Int
    /// Batches that are not recorded, in the source's order; the first has the number `firstNumber`.
    private var batches: [OpenBatch] = []
    private var firstNumber = 0
    /// Deliveries that started and are not covered by a recorded position.
    private var uncovered: [Int: Delivery] = [:]
    /// Those of them that the sink has not answered.
    private var underWay: Set<Int> = []
    /// The last batch of the record that is being written.
    private var recording: Int?

    init(window: Int) {
        self.window = window
    }

    /// Takes note of a batch, in the source's order, with the rows that its transforms already settled.
    ///
    /// - Returns: The batch's number.
    mutating func add(_ transformed: Transformed, read: Int, rejects: [Reject]) -> Int {
        var balance = Balance()
        balance.read = read
        balance.filtered = transformed.filtered
        balance.invalid = transformed.invalid.count
        batches.append(
            OpenBatch(
                position: transformed.batch.position,
                balance: balance,
                rejects: rejects,
                unsettled: transformed.batch.rowCount
            )
        )
        return firstNumber + batches.count - 1
    }

    /// Whether the delivery may start now: there is room, and no delivery under way has a row with one of its keys.
    func admits(_ delivery: Delivery) -> Bool {
        guard uncovered.count < window else { return false }
        return underWay.allSatisfy { number in
            guard let other = uncovered[number] else { return true }
            return delivery.keys.isDisjoint(with: other.keys)
        }
    }

    mutating func start(_ delivery: Delivery) {
        uncovered[delivery.number] = delivery
        underWay.insert(delivery.number)
    }

    /// Takes note of the sink's answer.
    mutating func settle(_ delivery: Delivery, _ report: DeliveryReport, key: (Int) -> String) {
        underWay.remove(delivery.number)
        for owner in delivery.owners {
            update(owner) { $0.balance.delivered += 1 }
        }
        for (owner, count) in delivery.superseded {
            update(owner, settling: count) { $0.balance.duplicate += count }
        }
        for fault in report.invalid {
            update(delivery.owners[fault.row], settling: 0) {
                $0.balance.delivered -= 1
                $0.balance.invalid += 1
                $0.rejects.append(Reject(.invalid, key: key(fault.row), code: fault.code, reason: fault.reason))
            }
        }
        for fault in report.rejected {
            update(delivery.owners[fault.row], settling: 0) {
                $0.balance.delivered -= 1
                $0.balance.rejected += 1
                $0.rejects.append(Reject(.rejected, key: key(fault.row), code: fault.code, reason: fault.reason))
            }
        }
    }

    /// What can be recorded now: the settled batches at the head, as one.
    ///
    /// Nil while nothing is new or a record is being written.
    mutating func nextRecord() -> SettledRows? {
        guard recording == nil else { return nil }
        let settled = batches.prefix { $0.unsettled == 0 }
        guard let last = settled.last else { return nil }
        var balance = Balance()
        for batch in settled { balance += batch.balance }
        let record = SettledRows(position: last.position, balance: balance, rejects: settled.flatMap(\.rejects))
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
