internal import RollcallCore
internal import RollcallLedger

extension Comparison.State {
    /// The ledger told what the destination really has, so that the next full pass sends what differs, and nothing else, and
    /// removes what no row makes.
    ///
    /// What was found equal, and the ledger does not know so, it learns here: it need not be sent.
    ///
    /// - Parameter removal: What the pipeline does with contacts whose rows have left; nil keeps them, and they stay unknown.
    /// - Returns: What the state database must learn.
    mutating func repair(_ removal: Removal?) -> [LedgerSegment] {
        var told = roll.places.compactMap { tell($0, removal) }
        for entry in ledger.places where ledger.state(entry) != .removed {
            guard ledger.withID(of: entry, { roll.place(of: $0) }) == nil else { continue }
            ledger.change(entry, .removed, nil, ledger.source(entry))
            told.append(entry)
        }
        return ledger.segments(of: told)
    }

    /// - Returns: The place in the ledger of the entry that was changed or added.
    private mutating func tell(_ place: Int, _ removal: Removal?) -> Int? {
        let entry = roll.withID(of: place) { ledger.place(of: $0) }
        let held = roll.digest(place)
        switch roll.finding(place) {
        case .matched:
            guard let entry else { return add(place, .current) }
            return ledger.state(entry) == .current && ledger.digest(entry) != held ? change(entry, .current, held) : nil
        case .changedThere, .changed: return entry.flatMap { change($0, ledger.state($0), nil) }
        case .lost, .undelivered, .gone: return entry.flatMap { change($0, .removed, nil) }
        case .unclaimed where removal != nil && rows.unidentified == 0 && !isDeparted(place, removal):
            // Somebody else's id may be longer than the ledger can keep; the second comparison shows it again.
            guard let entry else { return canKeep(place) ? add(place, .leaving) : nil }
            // As if it had never been removed, or made uncallable.
            let isPast = [.removed, .silenced, .parted].contains(ledger.state(entry))
            return isPast ? change(entry, .leaving, held) : nil
        case .unclaimed, .changedInSource, .rejected, .invalid: return nil
        }
    }

    /// Whether the ledger can have an entry for the contact.
    func canKeep(_ place: Int) -> Bool {
        roll.withID(of: place) { $0.count <= LedgerSegment.maximumIDLength }
    }

    private mutating func add(_ place: Int, _ state: LedgerEntry.State) -> Int {
        let held = roll.digest(place)
        return roll.withID(of: place) { ledger.add($0, state, held, nil) }
    }

    private mutating func change(_ entry: Int, _ state: LedgerEntry.State, _ digest: RowDigest?) -> Int? {
        guard ledger.state(entry) != state || ledger.digest(entry) != digest else { return nil }
        ledger.change(entry, state, digest, ledger.source(entry))
        return entry
    }
}
