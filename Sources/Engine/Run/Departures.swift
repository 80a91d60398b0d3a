internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// The end of a run that has read its source to the end: what becomes of contacts whose rows have left.
///
/// Everything that is done is noted before it is done, so that a crash leaves nothing unknown; what was not finished, the next
/// run finishes.
struct Departures {
    /// Contacts that are dealt with together.
    private static let partSize = 1_000
    /// How long to wait before looking again whether the destination did as it was told: reads may lag behind writes.
    private static let pauses: [Duration] = [.zero, .seconds(2), .seconds(3), .seconds(6)]

    private let parts: RunParts

    init(_ parts: RunParts) {
        self.parts = parts
    }

    /// Deals with all of them, and says how the run ends.
    func run(_ end: RunEnd) async throws -> RunEnd {
        var end = end
        end.isFullPass = parts.isFullPass
        if let most = parts.pipeline.maximumRejects {
            end.verdict = RollcallError(tooManyRejects: end.balance, allowed: most, of: parts.pipeline.name)
        }
        guard let keeper = parts.keeper else { return end }
        try await dropGoneRejects(end, keeper)
        // Rows that were not delivered say nothing about those that have left, but something is wrong; hands off until it is mended.
        if end.verdict != nil { return end }
        let missing = parts.isFullPass ? keeper.withLedger { $0.missing } : []
        let departed = keeper.withLedger { $0.departed(parts.pipeline.removal) }
        // Those that were dealt with before are no part of the whole: there may be many of them.
        let whole = keeper.withLedger { $0.countOfRows } + departed.count
        if parts.isFullPass, end.balance.read == 0, whole > 0, parts.options.maximumRemoved == nil {
            end.verdict = RollcallError(emptySourceOf: parts, contacts: whole)
            return end
        }
        let candidates = departed + missing
        let allowed = parts.options.maximumRemoved ?? parts.pipeline.maximumRemoved
        if parts.pipeline.removal != nil, !allowed.admits(candidates.count, of: whole) {
            end.verdict = RollcallError(removing: candidates.count, of: whole, allowed: allowed, of: parts)
            return end
        }
        try await noteLeaving(missing, keeper)
        if let removal = parts.pipeline.removal, !candidates.isEmpty {
            let before = end.balance
            end.balance = try await parts.session.keepingLease { [self] in
                var balance = before
                try await remove(candidates, by: removal, keeper, &balance)
                return balance
            }
        }
        end.isSweep = parts.isFullPass && !parts.stop.isRequested
        try await countRemaining(keeper, &end.balance)
        try await compact(keeper)
        return end
    }

    // MARK: - Removing

    private func remove(
        _ places: [Int],
        by removal: Removal,
        _ keeper: LedgerKeeper,
        _ balance: inout Balance
    ) async throws {
        var asked: [Int] = []
        for part in places.chunks(of: Self.partSize) {
            if parts.stop.isRequested { break }
            asked += try await ask(part, to: removal, keeper, &balance)
        }
        var waiting = asked
        for (index, pause) in Self.pauses.enumerated() where !waiting.isEmpty {
            if pause > .zero {
                _ = try await parts.stop.interrupting { try await Task.sleep(for: pause) }
            }
            var left: [Int] = []
            for part in waiting.chunks(of: Self.partSize) {
                left += try await verify(part, removal, isLast: index == Self.pauses.count - 1, keeper, &balance)
            }
            waiting = left
        }
    }

    /// Asks the destination to remove contacts; those that need not be asked about are settled.
    ///
    /// - Returns: Those that it was asked to remove.
    private func ask(
        _ places: [Int],
        to removal: Removal,
        _ keeper: LedgerKeeper,
        _ balance: inout Balance
    ) async throws -> [Int] {
        let standings = try await standings(of: places, keeper)
        var asked: [Int] = []
        var earlier: [LedgerEntry.State] = []
        var segment = LedgerSegment()
        var part = Balance()
        keeper.withLedger { ledger in
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
                default:
                    asked.append(place)
                    earlier.append(state)
                }
                ledger.change(place, next, ledger.digest(place), ledger.source(place))
                ledger.append(place, to: &segment)
            }
        }
        try await record(part, segment, &balance)
        guard !asked.isEmpty else { return [] }
        let ids = keeper.withLedger { ledger in asked.map { ledger.id($0) } }
        do {
            try await parts.pipeline.sink.running { _ in try await parts.writer.remove(ids, by: removal) }
        } catch let error as RollcallError where error.disposition == .preflight {
            // Refused, so nothing was done: what somebody else does to the contacts from now on is not Rollcall's doing.
            try await putBack(zip(asked, earlier), keeper)
            throw error
        }
        return asked
    }

    private func putBack(_ states: Zip2Sequence<[Int], [LedgerEntry.State]>, _ keeper: LedgerKeeper) async throws {
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for (place, state) in states {
                ledger.change(place, state, ledger.digest(place), ledger.source(place))
                ledger.append(place, to: &segment)
            }
            return segment
        }
        if let stored = segment.stored { try await parts.session.append(stored) }
    }

    /// Looks whether contacts were removed; one that was to be made uncallable and cannot be seen counts as gone at the last look
    /// only.
    ///
    /// - Returns: Those that were not.
    private func verify(
        _ places: [Int],
        _ removal: Removal,
        isLast: Bool,
        _ keeper: LedgerKeeper,
        _ balance: inout Balance
    ) async throws -> [Int] {
        let standings = try await standings(of: places, keeper)
        var left: [Int] = []
        var segment = LedgerSegment()
        var part = Balance()
        keeper.withLedger { ledger in
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
                ledger.change(place, next, ledger.digest(place), ledger.source(place))
                ledger.append(place, to: &segment)
            }
        }
        try await record(part, segment, &balance)
        return left
    }

    private func standings(of places: [Int], _ keeper: LedgerKeeper) async throws -> [String: Standing] {
        let ids = keeper.withLedger { ledger in places.map { ledger.id($0) } }
        return try await parts.pipeline.sink.running { _ in try await parts.writer.standings(of: ids) }
    }

    // MARK: - Recording

    private func record(_ part: Balance, _ segment: LedgerSegment, _ balance: inout Balance) async throws {
        guard let stored = segment.stored else { return }
        try await parts.session.record(SettledRows(position: nil, balance: part, ledger: stored))
        balance += part
        parts.observe(.progressed(balance))
    }

    /// Notes that these contacts have no row any more.
    private func noteLeaving(_ places: [Int], _ keeper: LedgerKeeper) async throws {
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for place in places where ledger.leave(place) { ledger.append(place, to: &segment) }
            return segment
        }
        if let stored = segment.stored { try await parts.session.append(stored) }
    }

    /// Counts contacts that have left and are on the list all the same.
    private func countRemaining(_ keeper: LedgerKeeper, _ balance: inout Balance) async throws {
        let remaining = keeper.withLedger { ledger in
            ledger.count(of: .leaving) + ledger.count(of: .deleting) + ledger.count(of: .deletingSilenced)
                + (parts.pipeline.removal == nil ? 0 : ledger.count(of: .silencing))
        }
        guard remaining > 0 else { return }
        var part = Balance()
        part.remaining = remaining
        try await parts.session.record(SettledRows(position: nil, balance: part))
        balance += part
    }

    /// Rows that were refused before, and that the source does not have any more: no rejects, and their contacts have no row.
    private func dropGoneRejects(_ end: RunEnd, _ keeper: LedgerKeeper) async throws {
        let gone = end.goneRejects + (parts.isFullPass ? keeper.withRejects { $0.unread } : [])
        guard !gone.isEmpty else { return }
        let closed = Set(gone.map(\.key)).sorted().map { ClosedReject(key: $0, .left) }
        let segment = keeper.leaveRows(withKeys: gone.compactMap(\.keyValues))
        try await parts.session.record(
            SettledRows(position: nil, balance: Balance(), closedRejects: closed, ledger: segment.stored)
        )
    }

    /// Stores the ledger anew once most of what is stored is out of date, or it lies in too many small parts.
    private func compact(_ keeper: LedgerKeeper) async throws {
        let live = keeper.withLedger { $0.liveCount }
        let history = parts.session.history
        let isWasteful = 2 * history.ledgerEntryCount > 3 * live + 20_000
        let isScattered = history.ledgerSegmentCount > 200 + live / 250
        guard isWasteful || isScattered else { return }
        let segments = keeper.withLedger { $0.segments(of: 10_000) }
        try await parts.session.replaceLedger(segments.compactMap(\.stored))
    }
}

extension Ledger {
    /// Contacts that have a row.
    fileprivate var countOfRows: Int { count(of: .current) + count(of: .returning) }

    /// Contacts on the list whose rows a full pass did not see.
    fileprivate var missing: [Int] {
        places.filter { mark($0) == .unseen && hasRow($0) }
    }

    /// Contacts whose rows have left, and with which `removal` has something left to do.
    fileprivate func departed(_ removal: Removal?) -> [Int] {
        let states: Set<LedgerEntry.State> =
            switch removal {
            case nil: []
            case .uncallable: [.leaving, .deleting, .deletingSilenced, .silencing]
            case .delete: [.leaving, .deleting, .deletingSilenced, .silencing, .silenced, .parted]
            }
        return places.filter { place in
            states.contains(state(place)) && [.unseen, .left].contains(mark(place))
        }
    }
}
