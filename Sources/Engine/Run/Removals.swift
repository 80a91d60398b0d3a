internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// Takes contacts from the destination, or has it call them no more.
///
/// Everything that is done is noted before it is done, so that a crash leaves nothing unknown, and read back behind it.
struct Removals: Sendable {
    /// Contacts that are dealt with together.
    private static let partSize = 1_000

    private let parts: RunParts
    private let keeper: LedgerKeeper
    private let removal: Removal

    init(_ parts: RunParts, _ keeper: LedgerKeeper, _ removal: Removal) {
        self.parts = parts
        self.keeper = keeper
        self.removal = removal
    }

    /// Removes the contacts at these places of the ledger, or as many as the destination lets go.
    ///
    /// - Returns: The balance with what was removed.
    func remove(_ places: [Int], _ before: Balance) async throws -> Balance {
        var balance = before
        var waiting: [Int] = []
        for part in places.chunks(of: Self.partSize) {
            if parts.stop.isRequested { break }
            waiting += try await ask(part, &balance)
        }
        let pauses = parts.writer.pausesBeforeLooks
        for (index, pause) in pauses.enumerated() where !waiting.isEmpty {
            if pause > .zero {
                _ = try await parts.stop.interrupting { try await Task.sleep(for: pause) }
            }
            var left: [Int] = []
            for part in waiting.chunks(of: Self.partSize) {
                left += try await verify(part, isLast: index == pauses.count - 1, &balance)
            }
            waiting = left
        }
        return balance
    }

    /// Asks the destination to remove contacts; those that need not be asked about are settled.
    ///
    /// - Returns: Those that it was asked to remove.
    private func ask(_ places: [Int], _ balance: inout Balance) async throws -> [Int] {
        let standings = try await standings(of: places)
        var part = Balance()
        var asked: [(place: Int, before: LedgerEntry.State)] = []
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for place in places {
                let state = ledger.state(place)
                let next: LedgerEntry.State
                // One that cannot be seen may only not be seen yet, so it is asked about like the others.
                switch (standings[ledger.id(place)], removal) {
                case (.uncallable, .uncallable): next = state.isSilenced ? .silenced : .parted
                case (.callable, .uncallable), (nil, .uncallable): next = .silencing
                case (_, .delete): next = state.isSilenced ? .deletingSilenced : .deleting
                }
                switch next {
                case .silenced: part.removed += 1
                case .parted: break
                default: asked.append((place, state))
                }
                ledger.change(place, next)
                ledger.append(place, to: &segment)
            }
            return segment
        }
        try await record(part, segment, &balance)
        guard !asked.isEmpty else { return [] }
        let ids = keeper.withLedger { ledger in asked.map { ledger.id($0.place) } }
        do {
            try await parts.pipeline.sink.running { _ in try await parts.writer.remove(ids, by: removal) }
        } catch let error as RollcallError where error.disposition == .preflight {
            // Refused, so nothing was done: what somebody else does to the contacts from now on is not Rollcall's doing.
            try await putBack(asked)
            throw error
        }
        return asked.map(\.place)
    }

    private func putBack(_ contacts: [(place: Int, before: LedgerEntry.State)]) async throws {
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for contact in contacts {
                ledger.change(contact.place, contact.before)
                ledger.append(contact.place, to: &segment)
            }
            return segment
        }
        try await parts.session.append(segment)
    }

    /// Looks whether contacts were removed; one that was to be made uncallable and cannot be seen counts as gone at the last look
    /// only.
    ///
    /// - Returns: Those that were not.
    private func verify(_ places: [Int], isLast: Bool, _ balance: inout Balance) async throws -> [Int] {
        let standings = try await standings(of: places)
        var left: [Int] = []
        var part = Balance()
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for place in places {
                let next: LedgerEntry.State
                switch (standings[ledger.id(place)], removal) {
                case (nil, .delete): next = .removed
                case (nil, .uncallable) where isLast: next = .removed
                case (.uncallable, .uncallable): next = .silenced
                case (nil, .uncallable), (.callable, .uncallable), (.some, .delete):
                    left.append(place)
                    continue
                }
                part.removed += 1
                ledger.change(place, next)
                ledger.append(place, to: &segment)
            }
            return segment
        }
        try await record(part, segment, &balance)
        return left
    }

    private func standings(of places: [Int]) async throws -> [String: Standing] {
        let ids = keeper.withLedger { ledger in places.map { ledger.id($0) } }
        return try await parts.pipeline.sink.running { _ in try await parts.writer.standings(of: ids) }
    }

    private func record(_ part: Balance, _ segment: LedgerSegment, _ balance: inout Balance) async throws {
        guard let stored = segment.stored else { return }
        try await parts.session.record(SettledRows(position: nil, balance: part, ledger: stored))
        balance += part
        parts.observe(.progressed(balance))
    }
}
