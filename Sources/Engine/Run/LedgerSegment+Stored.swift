internal import PostgresCheckpoints
internal import RollcallLedger

extension LedgerSegment {
    /// For the state database; nil where there is nothing to store.
    var stored: StoredSegment? {
        isEmpty ? nil : StoredSegment(bytes, entryCount: entryCount)
    }
}
