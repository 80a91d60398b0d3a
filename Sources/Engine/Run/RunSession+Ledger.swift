internal import PostgresCheckpoints
internal import RollcallLedger

extension RunSession {
    /// The ledger as it is stored.
    func ledger() async throws -> Ledger {
        var ledger = Ledger(capacity: history.ledgerEntryCount)
        try await loadLedger(into: &ledger) { ledger, segment, isPending in
            try ledger.load(segment, isPending: isPending)
        }
        return ledger
    }

    /// Adds to the ledger what was learnt, if anything was.
    func append(_ segment: LedgerSegment) async throws {
        if let stored = segment.stored { try await append(stored) }
    }
}
