internal import RollcallLedger

/// What the ledger is to learn of a row once it is delivered.
struct RowIntent: Sendable {
    /// Of the contact in the ledger.
    let place: Int
    /// Of the decision to deliver this row; a later decision for the contact has a higher one.
    let revision: UInt32
    let digest: RowDigest
    /// Whether a row of this run before it may have been sent for the contact.
    let isRepeat: Bool
    /// Whether the contact was made uncallable when its row had left, and the row is back.
    let isReturning: Bool
}
