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
    private struct State {
        var ledger: Ledger
        var finder: ContactFinder
        var rejects: RejectBook
        var superseded = SupersededRows()
        var doubtful: DoubtfulPeople
        /// Rows that were not sent because of others that cannot be read.
        var heldBack = 0
        var withheldKeys = WithheldKeys()
    }

    private let identity: RowIdentity
    private let sources: SourceList
    private let rowDigester: RowDigester
    /// Entries that were there before this run; new ones lie behind them.
    let knownCount: Int
    private let state: Mutex<State>

    /// A keeper for rows of these sources, which are delivered with the columns of `schema`.
    init(
        _ ledger: consuming sending Ledger,
        _ identity: RowIdentity,
        key: DigestKey,
        sources: SourceList,
        choosesRows: Bool,
        schema: Schema,
        rejects: RejectBook
    ) {
        self.identity = identity
        knownCount = ledger.count
        self.sources = sources
        rowDigester = RowDigester(key, rowsOf: schema, nullIsEmpty: identity.nullIsEmpty)
        state = Mutex(
            State(
                ledger: ledger,
                finder: ContactFinder(identity, key: key),
                rejects: rejects,
                doubtful: DoubtfulPeople(sources, choosesRows: choosesRows)
            )
        )
    }

    /// Reads or changes the ledger when no rows are being matched.
    func withLedger<Result: Sendable>(_ body: (inout Ledger) throws -> sending Result) rethrows -> Result {
        try state.withLock { try body(&$0.ledger) }
    }

    func withRejects<Result: Sendable>(_ body: (inout RejectBook) throws -> sending Result) rethrows -> Result {
        try state.withLock { try body(&$0.rejects) }
    }

    private init(copyOf other: LedgerKeeper) {
        identity = other.identity
        sources = other.sources
        rowDigester = other.rowDigester
        knownCount = other.knownCount
        state = Mutex(other.state.withLock { $0 })
    }

    /// One that goes its own way from here.
    func copy() -> LedgerKeeper { LedgerKeeper(copyOf: self) }

    // MARK: - Matching

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

    /// Decides for each row that came through the transforms whether it is delivered, and notes which contacts lose their row.
    ///
    /// Rows that were looked up by their keys come in no order: one whose contact another row has made since is a duplicate of that.
    func match(
        _ transformed: Transformed,
        _ contacts: RowContacts,
        from source: Batch,
        isLookedUp: Bool
    ) throws -> MatchedBatch {
        let keys = sources.keyColumns.compactMap { source.schema.index(of: $0) }
        return try state.withLock { state in
            var matched = MatchedBatch(transformed, from: source)
            let unreadable = UnreadableRows(with: source, sources.keyColumns)
            state.doubtful.add(unreadable)
            try source.withPinnedColumns { sourceColumns in
                let sourceKeys = keys.map { sourceColumns[$0] }
                try matchPassing(transformed, contacts, sourceKeys, isLookedUp: isLookedUp, &state, &matched)
                try noteLeaving(transformed, from: source, sourceKeys, isLookedUp: isLookedUp, &state, &matched)
            }
            for key in unreadable.keys {
                let places = state.finder.places(ofSourceKey: key, in: state.ledger)
                let mayPass = isLookedUp || state.doubtful.isExpected
                guard markStaying(places, mayHavePassed: mayPass, &state) else {
                    throw RollcallError.keyIsNotUnique(key, sources)
                }
                if !mayPass { state.withheldKeys.insert(key) }
            }
            return matched
        }
    }

    /// Takes note of rows that cannot be read, so that what other sources say of the same persons does not count.
    func noteUnreadable(_ rows: UnreadableRows) {
        state.withLock { $0.doubtful.add(rows) }
    }

    /// How many rows were not sent because of others that cannot be read.
    var heldBack: Int { state.withLock(\.heldBack) }

    private func matchPassing(
        _ transformed: Transformed,
        _ contacts: RowContacts,
        _ sourceKeys: [PinnedColumn],
        isLookedUp: Bool,
        _ state: inout State,
        _ matched: inout MatchedBatch
    ) throws {
        let batch = transformed.batch
        var changed: [Int] = []
        state.ledger.prefetch(contacts.hashes)
        try batch.withPinnedColumns { columns in
            let keyValues = columns[identity.keyColumn]
            for row in 0..<batch.rowCount {
                let origin = batch.origin(of: row)
                // A row without a key is no contact; the sink says what is wrong with it.
                guard keyValues[row].count > 0 else {
                    changed.append(row)
                    matched.intents.append(nil)
                    markSeen(origin, sourceKeys, &state)
                    state.superseded.noteRefused(origin, of: transformed)
                    if !state.rejects.isEmpty { state.rejects.noteRead(Self.name(origin, sourceKeys)) }
                    continue
                }
                let digest = contacts.digests[row]
                let rejectKey = state.rejects.isEmpty ? nil : Self.name(origin, sourceKeys)
                if let rejectKey { state.superseded.noteRead(reject: rejectKey) }
                if let rejectKey, state.rejects.holdsBack(rejectKey, digest) {
                    markSeen(origin, sourceKeys, &state)
                    state.superseded.noteRefused(origin, of: transformed)
                    matched.balance.rejected += 1
                    continue
                }
                if state.doubtful.contains(origin, sourceKeys) {
                    holdBack(origin, sourceKeys, transformed, &state, &matched)
                    continue
                }
                let isKey = sourceKeys.count == 1 && Self.isSame(sourceKeys[0], origin, keyValues, row)
                let sourceDigest = isKey ? nil : state.finder.digest(ofRow: origin, sourceKeys)
                // What the row's contact was before, should its id have changed.
                let earlier =
                    isKey && !state.ledger.hasSources
                    ? [] : state.finder.places(ofRow: origin, sourceKeys, in: state.ledger)
                let id = contacts.ids.span.extracting(contacts.ranges[row])
                let hash = contacts.hashes[row]
                let place = state.ledger.place(of: id, hash: hash)
                if isLookedUp, state.ledger.isOfAnotherRow(place, than: sourceDigest) {
                    matched.balance.duplicate += 1
                    if let rejectKey, state.rejects.close(rejectKey) {
                        matched.closedRejects.append(ClosedReject(key: rejectKey, .delivered))
                    }
                    continue
                }
                if let place, state.ledger.mark(place) == .left, state.ledger.source(place) == sourceDigest {
                    throw keyIsNotUnique(origin, sourceKeys)
                }
                // The row's contact is another one now: those that it was have no row any more.
                for place in earlier.subtracting([place].compactMap(\.self)) {
                    guard isLookedUp || !state.ledger.mark(place).isOfRowThatPassed else {
                        throw keyIsNotUnique(origin, sourceKeys)
                    }
                    leave(place, &state.ledger, &matched)
                }
                let isUntold = place.map { state.ledger.mark($0) == .seen } ?? true
                guard isLookedUp || !isUntold || !state.withheldKeys.contains(origin, sourceKeys) else {
                    throw keyIsNotUnique(origin, sourceKeys)
                }
                if state.doubtful.admitsNobodyNew, place.map(state.ledger.hasRow) != true {
                    holdBack(origin, sourceKeys, transformed, &state, &matched)
                    continue
                }
                guard let place else {
                    let place = state.ledger.add(id, hash: hash, .current, nil, sourceDigest)
                    state.ledger.setMark(.sent, of: place)
                    changed.append(row)
                    if knownCount > 0 { state.superseded.noteSent(origin, of: transformed, place: place) }
                    matched.intents.append(
                        RowIntent(
                            place: place,
                            revision: state.ledger.revision(place),
                            digest: digest,
                            isReturning: false
                        )
                    )
                    continue
                }
                if let intent = decide(digest, sourceDigest, &state.ledger, place, &matched) {
                    changed.append(row)
                    state.superseded.noteSent(origin, of: transformed, place: place)
                    matched.intents.append(intent)
                } else if let rejectKey, state.rejects.close(rejectKey) {
                    matched.closedRejects.append(ClosedReject(key: rejectKey, .delivered))
                }
            }
        }
        if changed.count < batch.rowCount { matched.rows = batch.keeping(changed) }
    }

    private func holdBack(
        _ row: Int,
        _ sourceKeys: [PinnedColumn],
        _ transformed: Transformed,
        _ state: inout State,
        _ matched: inout MatchedBatch
    ) {
        markSeen(row, sourceKeys, &state)
        state.superseded.noteRefused(row, of: transformed)
        state.heldBack += 1
        matched.balance.duplicate += 1
    }

    private func keyIsNotUnique(_ row: Int, _ sourceKeys: [PinnedColumn]) -> RollcallError {
        .keyIsNotUnique(row, sourceKeys, sources)
    }

    /// Nil where the contact has this content already.
    private func decide(
        _ digest: Digest,
        _ source: Digest?,
        _ ledger: inout Ledger,
        _ place: Int,
        _ matched: inout MatchedBatch
    ) -> RowIntent? {
        let mark = ledger.mark(place)
        if mark == .unchanged {
            // An earlier row of this run had the same id; the later one counts.
            matched.balance.unchanged -= 1
            matched.balance.duplicate += 1
        }
        let state = ledger.state(place)
        if state.isUntouched, ledger.digest(place) == digest {
            if mark == .delivered {
                matched.balance.delivered -= 1
                matched.balance.duplicate += 1
            }
            ledger.setMark(.unchanged, of: place)
            matched.balance.unchanged += 1
            if state != .current || ledger.source(place) != source {
                ledger.change(place, .current, digest, source)
                ledger.append(place, to: &matched.ledger)
            }
            return nil
        }
        let isReturning = state.isSilenced
        ledger.change(place, isReturning ? .returning : .current, nil, source)
        if mark != .delivered { ledger.setMark(.sent, of: place) }
        return RowIntent(
            place: place,
            revision: ledger.revision(place),
            digest: digest,
            isReturning: isReturning
        )
    }

    /// Looks at the rows that did not come through: a contact whose row was filtered out has lost it.
    private func noteLeaving(
        _ transformed: Transformed,
        from source: Batch,
        _ sourceKeys: [PinnedColumn],
        isLookedUp: Bool,
        _ state: inout State,
        _ matched: inout MatchedBatch
    ) throws {
        for fault in transformed.invalid {
            let places = state.finder.places(ofRow: fault.row, sourceKeys, in: state.ledger)
            guard markStaying(places, mayHavePassed: isLookedUp, &state) else {
                throw keyIsNotUnique(fault.row, sourceKeys)
            }
            if !isLookedUp { state.withheldKeys.insert(fault.row, sourceKeys) }
            state.superseded.noteRefused(fault.row, of: transformed)
            if !state.rejects.isEmpty { state.superseded.noteRead(reject: Self.name(fault.row, sourceKeys)) }
        }
        for row in transformed.filteredRows(of: source) {
            let key = state.rejects.isEmpty ? nil : Self.name(row, sourceKeys)
            let places = state.finder.places(ofRow: row, sourceKeys, in: state.ledger)
            if let group = transformed.superseded[row] {
                for place in places { state.superseded.add(place, group) }
                if let key {
                    state.superseded.addReject(key)
                    state.rejects.noteRead(key)
                }
                continue
            }
            if places.isEmpty { state.withheldKeys.insert(row, sourceKeys) }
            for place in places {
                guard !state.ledger.mark(place).isOfRowThatPassed else { throw keyIsNotUnique(row, sourceKeys) }
                leave(place, &state.ledger, &matched)
            }
            if let key {
                state.superseded.noteRead(reject: key)
                if state.rejects.close(key) { matched.closedRejects.append(ClosedReject(key: key, .left)) }
            }
        }
    }

    /// Decides, behind the last row, what becomes of the contacts of rows for which others stand.
    ///
    /// - Returns: What the state database must learn.
    func settleSuperseded() -> (LedgerSegment, closedRejects: [ClosedReject]) {
        state.withLock { state in
            var segment = LedgerSegment()
            for (place, stays) in state.superseded.contacts where !state.ledger.mark(place).isOfRowThatPassed {
                if stays {
                    if state.ledger.mark(place) == .unseen { state.ledger.setMark(.seen, of: place) }
                } else if state.ledger.mark(place) != .seen {
                    state.ledger.setMark(.left, of: place)
                    if state.ledger.leave(place) { state.ledger.append(place, to: &segment) }
                }
            }
            let closed = state.superseded.settledRejects.filter { state.rejects.close($0) }
            state.superseded = SupersededRows()
            return (segment, closed.map { ClosedReject(key: $0, .left) })
        }
    }

    private func leave(_ place: Int, _ ledger: inout Ledger, _ matched: inout MatchedBatch) {
        ledger.setMark(.left, of: place)
        if ledger.leave(place) { ledger.append(place, to: &matched.ledger) }
    }

    /// Notes that the contacts of a row that was refused, or cannot be read, stay as they are.
    ///
    /// - Returns: False where another row of the key was let through, unless that may be: what this one says may be a no.
    private func markStaying(_ places: Set<Int>, mayHavePassed: Bool, _ state: inout State) -> Bool {
        guard mayHavePassed || !places.contains(where: { state.ledger.mark($0).isOfRowThatPassed }) else {
            return false
        }
        markSeen(places, &state)
        return true
    }

    private func markSeen(_ row: Int, _ sourceKeys: [PinnedColumn], _ state: inout State) {
        markSeen(state.finder.places(ofRow: row, sourceKeys, in: state.ledger), &state)
    }

    private func markSeen(_ places: Set<Int>, _ state: inout State) {
        for place in places where state.ledger.mark(place) == .unseen { state.ledger.setMark(.seen, of: place) }
    }

    /// Takes note that the rows with these keys are not in the source any more.
    ///
    /// - Returns: What the state database must learn.
    func leaveRows(withKeys keys: [[String]]) -> LedgerSegment {
        state.withLock { state in
            var segment = LedgerSegment()
            for place in keys.flatMap({ state.finder.places(ofSourceKey: $0, in: state.ledger) }) {
                state.ledger.setMark(.left, of: place)
                if state.ledger.leave(place) { state.ledger.append(place, to: &segment) }
            }
            return segment
        }
    }

    // MARK: - Before and after a delivery

    /// What the delivery makes of its contacts, for the state database to know before it starts; without the rows at `refused`,
    /// whose contacts it leaves in doubt.
    func outcome(of delivery: Delivery, except refused: Set<Int> = []) -> LedgerSegment {
        state.withLock { state in
            var segment = LedgerSegment()
            for (row, intent) in delivery.intents.enumerated() {
                guard let intent else { continue }
                state.ledger.append(
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
        state.withLock { state in
            for row in rows {
                if let intent = delivery.intents[row] { state.superseded.noteRefused(place: intent.place) }
            }
        }
    }

    /// Takes note of what was delivered: all rows but those at `refused`.
    ///
    /// - Returns: By batch how many of these rows came in the place of earlier rows of the run with the same ids, which were
    ///   counted as delivered.
    func confirm(_ delivery: Delivery, except refused: Set<Int>) -> [Int: Int] {
        state.withLock { state in
            var duplicates: [Int: Int] = [:]
            for (row, intent) in delivery.intents.enumerated() {
                guard let intent, !refused.contains(row) else { continue }
                switch state.ledger.mark(intent.place) {
                // A later row of the run took it away while it was on its way.
                case .left: break
                case .delivered:
                    duplicates[delivery.owners[row], default: 0] += 1
                case .unseen, .seen, .unchanged, .sent: state.ledger.setMark(.delivered, of: intent.place)
                }
                state.ledger.confirm(intent.place, revision: intent.revision, intent.digest)
            }
            return duplicates
        }
    }

    // MARK: - Keys

    private static func isSame(_ one: PinnedColumn, _ row: Int, _ other: PinnedColumn, _ otherRow: Int) -> Bool {
        guard one[row].count == other[otherRow].count else { return false }
        return one.withBytes(of: row) { left in
            other.withBytes(of: otherRow) { right in left.indices.allSatisfy { left[$0] == right[$0] } }
        }
    }

    private static func name(_ row: Int, _ sourceKeys: [PinnedColumn]) -> String {
        Reject.name(of: sourceKeys.map { $0.text(row) ?? "NULL" })
    }
}

extension Ledger {
    /// Whether the contact was made by another row than the one with this key in the source.
    fileprivate func isOfAnotherRow(_ place: Int?, than key: Digest?) -> Bool {
        place.map { hasRow($0) && source($0) != key } ?? false
    }
}

extension Ledger.Mark {
    /// Whether a row of this run came through and made the contact.
    fileprivate var isOfRowThatPassed: Bool { [.unchanged, .sent, .delivered].contains(self) }
}
