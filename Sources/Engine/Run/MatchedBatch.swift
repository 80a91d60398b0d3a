internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// A batch after its transforms and a look into the ledger: what is left to deliver, and the outcomes of all other rows.
struct MatchedBatch: Sendable {
    /// The rows to deliver.
    var rows: Batch
    /// For each of these rows what the ledger is to learn; empty where there is no ledger, nil where a row has no id.
    var intents: [RowIntent?] = []
    /// The outcomes of the other rows, and corrections for rows of this run that a row of this batch makes duplicates.
    var balance: Balance
    /// Refused by a transform; by their rows in the batch as the source made it.
    var invalid: [RowFault]
    /// What was learnt of contacts without delivering anything.
    var ledger = LedgerSegment()
    var closedRejects: [ClosedReject] = []

    /// Without a ledger every row that came through is to be delivered.
    init(_ transformed: Transformed, from source: Batch) {
        rows = transformed.batch
        invalid = transformed.invalid
        balance = Balance()
        balance.read = source.rowCount + source.unreadable.count
        balance.filtered = transformed.filtered
        balance.invalid = transformed.invalid.count + source.unreadable.count
    }
}
