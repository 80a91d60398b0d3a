internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger
internal import Synchronization

/// The ledger in a run: it tells changed rows from unchanged ones, and learns what becomes of contacts.
///
/// Decisions are taken in the order of the rows. From the decision to deliver a row until its delivery is confirmed, the content
/// of its contact counts as unknown, in memory and, before the delivery starts, in the state database: whatever happens then, no
/// later row is taken for unchanged that is not.
final class LedgerKeeper: Sendable {
    private let identity: RowIdentity
    private let rowDigester: RowDigester
    /// Entries that were there before this run; new ones lie behind them.
    let knownCount: Int
    private let matcher: Mutex<RowMatcher>

    /// A keeper for the rows that the matcher matches, which are delivered with the columns of `schema`.
    init(_ matcher: RowMatcher, key: DigestKey, schema: Schema) {
        identity = matcher.identity
        knownCount = matcher.knownCount
        rowDigester = RowDigester(key, rowsOf: schema, nullIsEmpty: matcher.identity.nullIsEmpty)
        self.matcher = Mutex(matcher)
    }

    /// Reads or changes the ledger when no rows are being matched.
    func withLedger<Result: Sendable>(_ body: (inout Ledger) throws -> sending Result) rethrows -> Result {
        try matcher.withLock { try body(&$0.ledger) }
    }

    func withRejects<Result: Sendable>(_ body: (inout RejectBook) throws -> sending Result) rethrows -> Result {
        try matcher.withLock { try body(&$0.rejects) }
    }

    private init(copyOf other: LedgerKeeper) {
        identity = other.identity
        rowDigester = other.rowDigester
        knownCount = other.knownCount
        matcher = Mutex(other.matcher.withLock { $0 })
    }

    /// One that goes its own way from here.
    func copy() -> LedgerKeeper { LedgerKeeper(copyOf: self) }

    // MARK: - Matching

    /// As `RowMatcher.begin`.
    func begin(_ reader: some SourceReader) {
        matcher.withLock { $0.begin(reader) }
    }

    /// The contacts that the rows of each batch make, on as many processors as there are.
    func contacts(of batches: [Batch]) async -> [RowContacts] {
        await withTaskGroup(of: (place: Int, RowContacts).self) { [identity, rowDigester] group in
            for (place, batch) in batches.enumerated() {
                group.addTask { (place, RowContacts(of: batch, identity, rowDigester)) }
            }
            var contacts: [(place: Int, RowContacts)] = []
            for await made in group { contacts.append(made) }
            return contacts.sorted { $0.place < $1.place }.map(\.1)
        }
    }

    /// As `RowMatcher.match`.
    func match(
        _ transformed: Transformed,
        _ contacts: RowContacts,
        from source: Batch,
        isLookedUp: Bool
    ) throws -> MatchedBatch {
        try matcher.withLock { try $0.match(transformed, contacts, from: source, isLookedUp: isLookedUp) }
    }

    /// Takes note of rows that cannot be read, so that what other sources say of the same persons does not count.
    func noteUnreadable(_ rows: UnreadableRows) {
        matcher.withLock { $0.doubtful.add(rows) }
    }

    /// How many rows were not sent because of others that cannot be read.
    var heldBack: Int { matcher.withLock(\.heldBack) }

    /// As `RowMatcher.settleSuperseded`.
    func settleSuperseded() -> (LedgerSegment, closedRejects: [ClosedReject]) {
        matcher.withLock { $0.settleSuperseded() }
    }

    /// As `RowMatcher.leaveRows(withKeys:)`.
    func leaveRows(withKeys keys: [[String]]) -> LedgerSegment {
        matcher.withLock { $0.leaveRows(withKeys: keys) }
    }

    // MARK: - Before and after a delivery

    /// What the delivery makes of its contacts, for the state database to know before it starts; without the rows at `refused`,
    /// whose contacts it leaves in doubt.
    func outcome(of delivery: Delivery, except refused: Set<Int> = []) -> LedgerSegment {
        matcher.withLock { matcher in
            var segment = LedgerSegment()
            for (row, intent) in delivery.intents.enumerated() {
                guard let intent else { continue }
                matcher.ledger.append(
                    intent.place,
                    delivering: refused.contains(row) ? nil : intent.digest,
                    isReturning: intent.isReturning,
                    intent.revision,
                    to: &segment
                )
            }
            return segment
        }
    }

    /// Takes note that these rows of the delivery were refused: contacts of rows for which they stand stay.
    func noteRefused(_ rows: Set<Int>, of delivery: Delivery) {
        guard !rows.isEmpty, !delivery.intents.isEmpty else { return }
        matcher.withLock { matcher in
            for row in rows {
                if let intent = delivery.intents[row] { matcher.superseded.noteRefused(place: intent.place) }
            }
        }
    }

    /// Takes note of what was delivered: all rows but those at `refused`.
    ///
    /// - Returns: By batch how many of these rows came in the place of earlier rows of the run with the same ids, which were
    ///   counted as delivered.
    func confirm(_ delivery: Delivery, except refused: Set<Int>) -> [Int: Int] {
        matcher.withLock { matcher in
            var duplicates: [Int: Int] = [:]
            for (row, intent) in delivery.intents.enumerated() {
                guard let intent, !refused.contains(row) else { continue }
                switch matcher.ledger.mark(intent.place) {
                // A later row of the run took it away while it was on its way.
                case .left: break
                case .delivered:
                    duplicates[delivery.owners[row], default: 0] += 1
                case .unseen, .seen, .unchanged, .sent: matcher.ledger.setMark(.delivered, of: intent.place)
                }
                matcher.ledger.confirm(intent.place, revision: intent.revision, intent.digest)
            }
            return duplicates
        }
    }
}
