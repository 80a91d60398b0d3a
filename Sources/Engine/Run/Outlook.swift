internal import RollcallCore
internal import RollcallLedger

/// A look at the rows of a run before anything is sent: which contacts would lose theirs.
///
/// Only then a guard can stop the run with nothing done. It costs a second reading of the source.
struct Outlook: Sendable {
    /// What becomes of a contact.
    private enum Fate: UInt8 {
        case unseen
        case kept
        case left
    }

    private var fates: [Fate]
    private var finder: ContactFinder
    private let identity: RowIdentity
    private(set) var read = 0

    init(_ ledger: Ledger, _ identity: RowIdentity, key: DigestKey) {
        fates = Array(repeating: .unseen, count: ledger.count)
        finder = ContactFinder(identity, key: key)
        self.identity = identity
    }

    /// Takes note of a batch that was read, in the source's order, as `LedgerKeeper.match` would.
    mutating func add(_ transformed: Transformed, from source: Batch, keyColumns: [Int], _ ledger: Ledger) {
        read += source.rowCount
        source.withPinnedColumns { sourceColumns in
            let sourceKeys = keyColumns.map { sourceColumns[$0] }
            transformed.batch.withPinnedColumns { columns in
                let keys = columns[identity.keyColumn]
                var id: [UInt8] = []
                for row in 0..<transformed.batch.rowCount {
                    let earlier = finder.places(ofRow: transformed.batch.origin(of: row), sourceKeys, in: ledger)
                    guard keys[row].count > 0 else {
                        keep(earlier)
                        continue
                    }
                    id.removeAll(keepingCapacity: true)
                    keys.withBytes(of: row) { identity.appendID($0, &id) }
                    let place = ledger.place(of: id.span)
                    for other in earlier where other != place { fates[other] = .left }
                    if let place { fates[place] = .kept }
                }
            }
            for fault in transformed.invalid { keep(finder.places(ofRow: fault.row, sourceKeys, in: ledger)) }
            for row in transformed.filteredRows(of: source) {
                for place in finder.places(ofRow: row, sourceKeys, in: ledger) { fates[place] = .left }
            }
        }
    }

    /// Contacts that the run would remove, and all of which they are a part.
    func removals(_ ledger: Ledger, _ removal: Removal?, isFullPass: Bool) -> (count: Int, whole: Int) {
        let departed = LedgerEntry.State.departed(removal)
        var (count, waiting) = (0, 0)
        for place in ledger.places where fates[place] != .kept {
            if departed.contains(ledger.state(place)) {
                waiting += 1
            } else if ledger.hasRow(place), isFullPass || fates[place] == .left {
                count += 1
            }
        }
        return (count + waiting, ledger.countOfRows + waiting)
    }

    private mutating func keep(_ places: Set<Int>) {
        for place in places where fates[place] == .unseen { fates[place] = .kept }
    }
}

extension Transformed {
    /// The rows of the source that did not come through, and were not refused.
    func filteredRows(of source: Batch) -> [Int] {
        guard batch.rowCount + invalid.count < source.rowCount else { return [] }
        var hasCome = Array(repeating: false, count: source.rowCount)
        for row in 0..<batch.rowCount { hasCome[batch.origin(of: row)] = true }
        for fault in invalid { hasCome[fault.row] = true }
        return hasCome.indices.filter { !hasCome[$0] }
    }
}
