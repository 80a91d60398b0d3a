internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// The end of a run that has read its source to the end: what becomes of contacts whose rows have left.
///
/// Guards first, then removals; what was not finished, the next run finishes.
struct Departures {
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
        } else if parts.isFullPass {
            end.verdict = RollcallError(allRefused: end.balance, of: parts.pipeline.name)
        }
        guard let keeper = parts.keeper else { return end }
        try await dropGoneRejects(end, keeper)
        // Rows that were not delivered say nothing about those that have left, but something is wrong; hands off until it is mended.
        if end.verdict != nil { return end }
        try await settleSuperseded(keeper)
        let isSure = end.unidentified == 0
        if !isSure { parts.observe(.notice(SinkNotice(unidentified: end.unidentified))) }
        let missing = parts.isFullPass && isSure ? keeper.withLedger { $0.missing } : []
        let departed = keeper.withLedger {
            $0.departed(parts.pipeline.removal, marks: isSure ? [.unseen, .left] : [.left])
        }
        let candidates = departed + missing
        // Those that were dealt with before are no part of the whole, there may be many of them; nor are those that are new.
        let whole = keeper.withLedger { ledger in (0..<keeper.knownCount).count(where: ledger.hasRow) } + departed.count
        // What was asked for already a guard has let pass.
        let asked: Set<LedgerEntry.State> = [.deleting, .deletingSilenced]
        let leaving = keeper.withLedger { ledger in candidates.count { !asked.contains(ledger.state($0)) } }
        end.verdict = RemovalGuard(parts.pipeline, parts.options, isFullPass: parts.isFullPass)
            .verdict(
                removing: leaving,
                of: whole,
                read: end.balance.read,
                emptySources: parts.reader.emptySources,
                .afterDeliveries
            )
        if end.verdict != nil { return end }
        try await noteLeaving(missing, keeper)
        if let removal = parts.pipeline.removal, !candidates.isEmpty {
            let removals = Removals(parts, keeper, removal)
            let before = end.balance
            end.balance = try await parts.session.keepingLease { try await removals.remove(candidates, before) }
        }
        end.isSweep = parts.isFullPass && isSure && !parts.stop.isRequested
        try await countRemaining(keeper, &end.balance)
        try await compact(keeper)
        return end
    }

    // MARK: - Recording

    /// Notes that these contacts have no row any more.
    private func noteLeaving(_ places: [Int], _ keeper: LedgerKeeper) async throws {
        let segment = keeper.withLedger { ledger in
            var segment = LedgerSegment()
            for place in places where ledger.leave(place) { ledger.append(place, to: &segment) }
            return segment
        }
        try await parts.session.append(segment)
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

    private func settleSuperseded(_ keeper: LedgerKeeper) async throws {
        let (segment, closed) = keeper.settleSuperseded()
        guard !closed.isEmpty || segment.stored != nil else { return }
        try await parts.session.record(
            SettledRows(position: nil, balance: Balance(), closedRejects: closed, ledger: segment.stored)
        )
    }

    /// Rows that were refused before, and that the source does not have any more: no rejects, and their contacts have no row.
    private func dropGoneRejects(_ end: RunEnd, _ keeper: LedgerKeeper) async throws {
        let seesAll = parts.isFullPass && end.unidentified == 0
        let gone = end.goneRejects + (seesAll ? keeper.withRejects { $0.unread } : [])
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
        let segments = keeper.withLedger { $0.segments() }
        try await parts.session.replaceLedger(segments.compactMap(\.stored))
    }
}

extension Ledger {
    /// Contacts on the list whose rows a full pass did not see.
    fileprivate var missing: [Int] {
        places.filter { mark($0) == .unseen && hasRow($0) }
    }

    /// Contacts whose rows have left, and with which `removal` has something left to do, of those with these marks.
    fileprivate func departed(_ removal: Removal?, marks: Set<Mark>) -> [Int] {
        let states: Set<LedgerEntry.State> =
            switch removal {
            case nil: []
            case .uncallable: [.leaving, .deleting, .deletingSilenced, .silencing]
            case .delete: [.leaving, .deleting, .deletingSilenced, .silencing, .silenced, .parted]
            }
        return places.filter { place in
            states.contains(state(place)) && marks.contains(mark(place))
        }
    }
}
