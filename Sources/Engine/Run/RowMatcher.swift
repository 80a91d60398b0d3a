internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// Decides, row by row in their order, what is delivered and which contacts lose their row, and keeps what decides it.
struct RowMatcher: Sendable {
    let identity: RowIdentity
    let sources: SourceList
    /// Entries that were there before this run; new ones lie behind them.
    let knownCount: Int
    var ledger: Ledger
    private var finder: ContactFinder
    var rejects: RejectBook
    var superseded = SupersededRows()
    var doubtful: DoubtfulPeople
    /// Rows that were not sent because of others that cannot be read.
    private(set) var heldBack = 0
    /// Nil where each key has one row, so that none can pass in another.
    private var withheldKeys: WithheldKeys? = WithheldKeys()

    /// A matcher for rows of these sources.
    init(
        _ ledger: consuming sending Ledger,
        _ identity: RowIdentity,
        key: DigestKey,
        sources: SourceList,
        choosesRows: Bool,
        rejects: RejectBook
    ) {
        self.identity = identity
        self.sources = sources
        knownCount = ledger.count
        self.ledger = ledger
        finder = ContactFinder(identity, key: key)
        self.rejects = rejects
        doubtful = DoubtfulPeople(sources, choosesRows: choosesRows)
    }

    /// Prepares for the rows of this reader, before its first one.
    mutating func begin(_ reader: some SourceReader) {
        withheldKeys = reader.keysAreUnique ? nil : WithheldKeys()
    }

    /// Decides for each row that came through the transforms whether it is delivered, and notes which contacts lose their row.
    ///
    /// Rows that were looked up by their keys come in no order: one whose contact another row has made since is a duplicate of that.
    mutating func match(
        _ transformed: Transformed,
        _ contacts: RowContacts,
        from source: Batch,
        isLookedUp: Bool
    ) throws -> MatchedBatch {
        let keys = sources.keyColumns.compactMap { source.schema.index(of: $0) }
        var matched = MatchedBatch(transformed, from: source)
        let unreadable = UnreadableRows(with: source, sources.keyColumns)
        doubtful.add(unreadable)
        try source.withPinnedColumns { sourceColumns in
            let sourceKeys = keys.map { sourceColumns[$0] }
            try matchPassing(transformed, contacts, sourceKeys, isLookedUp: isLookedUp, &matched)
            try noteLeaving(transformed, from: source, sourceKeys, isLookedUp: isLookedUp, &matched)
        }
        for key in unreadable.keys {
            let places = finder.places(ofSourceKey: key, in: ledger)
            let mayPass = isLookedUp || doubtful.isExpected
            guard markStaying(places, mayHavePassed: mayPass) else {
                throw RollcallError.keyIsNotUnique(key, sources)
            }
            if !mayPass { withheldKeys?.insert(key) }
        }
        return matched
    }

    private mutating func matchPassing(
        _ transformed: Transformed,
        _ contacts: RowContacts,
        _ sourceKeys: [PinnedColumn],
        isLookedUp: Bool,
        _ matched: inout MatchedBatch
    ) throws {
        let batch = transformed.batch
        var changed: [Int] = []
        ledger.prefetch(contacts.hashes)
        try batch.withPinnedColumns { columns in
            let keyValues = columns[identity.keyColumn]
            for row in 0..<batch.rowCount {
                let origin = batch.origin(of: row)
                // A row without a key is no contact; the sink says what is wrong with it.
                guard keyValues[row].count > 0 else {
                    changed.append(row)
                    matched.intents.append(nil)
                    markSeen(origin, sourceKeys)
                    superseded.noteRefused(origin, of: transformed)
                    if !rejects.isEmpty { rejects.noteRead(Self.name(origin, sourceKeys)) }
                    continue
                }
                let digest = contacts.digests[row]
                let rejectKey = rejects.isEmpty ? nil : Self.name(origin, sourceKeys)
                if let rejectKey { superseded.noteRead(reject: rejectKey) }
                if let rejectKey, rejects.holdsBack(rejectKey, digest) {
                    markSeen(origin, sourceKeys)
                    superseded.noteRefused(origin, of: transformed)
                    matched.balance.rejected += 1
                    continue
                }
                if doubtful.contains(origin, sourceKeys) {
                    holdBack(origin, sourceKeys, transformed, &matched)
                    continue
                }
                let isKey = sourceKeys.count == 1 && Self.isSame(sourceKeys[0], origin, keyValues, row)
                let sourceDigest = isKey ? nil : finder.digest(ofRow: origin, sourceKeys)
                // What the row's contact was before, should its id have changed.
                let earlier =
                    isKey && !ledger.hasSources
                    ? [] : finder.places(ofRow: origin, sourceKeys, in: ledger)
                let id = contacts.ids.span.extracting(contacts.ranges[row])
                let hash = contacts.hashes[row]
                let place = ledger.place(of: id, hash: hash)
                if isLookedUp, ledger.isOfAnotherRow(place, than: sourceDigest) {
                    matched.balance.duplicate += 1
                    if let rejectKey, rejects.close(rejectKey) {
                        matched.closedRejects.append(ClosedReject(key: rejectKey, .delivered))
                    }
                    continue
                }
                if let place, ledger.mark(place) == .left, ledger.source(place) == sourceDigest {
                    throw keyIsNotUnique(origin, sourceKeys)
                }
                // The row's contact is another one now: those that it was have no row any more.
                for place in earlier.subtracting([place].compactMap(\.self)) {
                    guard isLookedUp || !ledger.mark(place).isOfRowThatPassed else {
                        throw keyIsNotUnique(origin, sourceKeys)
                    }
                    leave(place, &matched)
                }
                let isUntold = place.map { ledger.mark($0) == .seen } ?? true
                guard isLookedUp || !isUntold || withheldKeys?.contains(origin, sourceKeys) != true else {
                    throw keyIsNotUnique(origin, sourceKeys)
                }
                if doubtful.admitsNobodyNew, place.map(ledger.hasRow) != true {
                    holdBack(origin, sourceKeys, transformed, &matched)
                    continue
                }
                guard let place else {
                    let place = ledger.add(id, hash: hash, .current, nil, sourceDigest)
                    ledger.setMark(.sent, of: place)
                    changed.append(row)
                    if knownCount > 0 { superseded.noteSent(origin, of: transformed, place: place) }
                    matched.intents.append(
                        RowIntent(
                            place: place,
                            revision: ledger.revision(place),
                            digest: digest,
                            isRepeat: false,
                            isReturning: false
                        )
                    )
                    continue
                }
                if let intent = decide(digest, sourceDigest, place, &matched) {
                    changed.append(row)
                    superseded.noteSent(origin, of: transformed, place: place)
                    matched.intents.append(intent)
                } else if let rejectKey, rejects.close(rejectKey) {
                    matched.closedRejects.append(ClosedReject(key: rejectKey, .delivered))
                }
            }
        }
        if changed.count < batch.rowCount { matched.rows = batch.keeping(changed) }
    }

    private mutating func holdBack(
        _ row: Int,
        _ sourceKeys: [PinnedColumn],
        _ transformed: Transformed,
        _ matched: inout MatchedBatch
    ) {
        markSeen(row, sourceKeys)
        superseded.noteRefused(row, of: transformed)
        heldBack += 1
        matched.balance.duplicate += 1
    }

    private func keyIsNotUnique(_ row: Int, _ sourceKeys: [PinnedColumn]) -> RollcallError {
        .keyIsNotUnique(row, sourceKeys, sources)
    }

    /// Nil where the contact has this content already.
    private mutating func decide(
        _ digest: RowDigest,
        _ source: KeyDigest?,
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
            isRepeat: [.sent, .delivered, .left].contains(mark),
            isReturning: isReturning
        )
    }

    /// Looks at the rows that did not come through: a contact whose row was filtered out has lost it.
    private mutating func noteLeaving(
        _ transformed: Transformed,
        from source: Batch,
        _ sourceKeys: [PinnedColumn],
        isLookedUp: Bool,
        _ matched: inout MatchedBatch
    ) throws {
        for fault in transformed.invalid {
            let places = finder.places(ofRow: fault.row, sourceKeys, in: ledger)
            guard markStaying(places, mayHavePassed: isLookedUp) else {
                throw keyIsNotUnique(fault.row, sourceKeys)
            }
            if !isLookedUp { withheldKeys?.insert(fault.row, sourceKeys) }
            superseded.noteRefused(fault.row, of: transformed)
            if !rejects.isEmpty { superseded.noteRead(reject: Self.name(fault.row, sourceKeys)) }
        }
        for row in transformed.filteredRows(of: source) {
            let key = rejects.isEmpty ? nil : Self.name(row, sourceKeys)
            let places = finder.places(ofRow: row, sourceKeys, in: ledger)
            if let group = transformed.superseded[row] {
                for place in places { superseded.add(place, group) }
                if let key {
                    superseded.addReject(key)
                    rejects.noteRead(key)
                }
                continue
            }
            if places.isEmpty { withheldKeys?.insert(row, sourceKeys) }
            for place in places {
                guard !ledger.mark(place).isOfRowThatPassed else { throw keyIsNotUnique(row, sourceKeys) }
                leave(place, &matched)
            }
            if let key {
                superseded.noteRead(reject: key)
                if rejects.close(key) { matched.closedRejects.append(ClosedReject(key: key, .left)) }
            }
        }
    }

    /// Decides, behind the last row, what becomes of the contacts of rows for which others stand.
    ///
    /// - Returns: What the state database must learn.
    mutating func settleSuperseded() -> (LedgerSegment, closedRejects: [ClosedReject]) {
        var segment = LedgerSegment()
        for (place, stays) in superseded.contacts where !ledger.mark(place).isOfRowThatPassed {
            if stays {
                if ledger.mark(place) == .unseen { ledger.setMark(.seen, of: place) }
            } else if ledger.mark(place) != .seen {
                ledger.setMark(.left, of: place)
                if ledger.leave(place) { ledger.append(place, to: &segment) }
            }
        }
        let closed = superseded.settledRejects.filter { rejects.close($0) }
        superseded = SupersededRows()
        return (segment, closed.map { ClosedReject(key: $0, .left) })
    }

    private mutating func leave(_ place: Int, _ matched: inout MatchedBatch) {
        ledger.setMark(.left, of: place)
        if ledger.leave(place) { ledger.append(place, to: &matched.ledger) }
    }

    /// Notes that the contacts of a row that was refused, or cannot be read, stay as they are.
    ///
    /// - Returns: False where another row of the key was let through, unless that may be: what this one says may be a no.
    private mutating func markStaying(_ places: Set<Int>, mayHavePassed: Bool) -> Bool {
        guard mayHavePassed || !places.contains(where: { ledger.mark($0).isOfRowThatPassed }) else {
            return false
        }
        markSeen(places)
        return true
    }

    private mutating func markSeen(_ row: Int, _ sourceKeys: [PinnedColumn]) {
        markSeen(finder.places(ofRow: row, sourceKeys, in: ledger))
    }

    private mutating func markSeen(_ places: Set<Int>) {
        for place in places where ledger.mark(place) == .unseen { ledger.setMark(.seen, of: place) }
    }

    /// Takes note that the rows with these keys are not in the source any more.
    ///
    /// - Returns: What the state database must learn.
    mutating func leaveRows(withKeys keys: [[String]]) -> LedgerSegment {
        var segment = LedgerSegment()
        for place in keys.flatMap({ finder.places(ofSourceKey: $0, in: ledger) }) {
            ledger.setMark(.left, of: place)
            if ledger.leave(place) { ledger.append(place, to: &segment) }
        }
        return segment
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
    fileprivate func isOfAnotherRow(_ place: Int?, than key: KeyDigest?) -> Bool {
        place.map { hasRow($0) && source($0) != key } ?? false
    }
}

extension Ledger.Mark {
    /// Whether a row of this run came through and made the contact.
    fileprivate var isOfRowThatPassed: Bool { [.unchanged, .sent, .delivered].contains(self) }
}
