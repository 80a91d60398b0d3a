/// How the rows of a run ended.
///
/// Every row that was read has exactly one outcome.
public struct Balance: Sendable, Hashable {
    public var read = 0
    /// Left out by a `filter`.
    public var filtered = 0
    /// Refused by Rollcall, with a reason; kept as a reject.
    public var invalid = 0
    /// Another row with the same key came later in the same run.
    public var duplicate = 0
    /// Already on the list with the same content.
    public var unchanged = 0
    /// Created or updated.
    public var delivered = 0
    /// Refused by the destination, with its reason; kept as a reject.
    public var rejected = 0

    // Contacts whose row was not read, or was left out; so they are no part of the balance.

    /// Contacts taken from the list, or made uncallable, because their rows have left.
    public var removed = 0
    /// Contacts whose rows have left and that are on the list all the same: kept, or in use by a campaign.
    public var remaining = 0

    public init() {}

    /// Whether every row read has an outcome.
    ///
    /// A run that does not balance is a failed run.
    public var holds: Bool { read == filtered + invalid + duplicate + unchanged + delivered + rejected }

    public static func += (sum: inout Balance, part: Balance) {
        sum.read += part.read
        sum.filtered += part.filtered
        sum.invalid += part.invalid
        sum.duplicate += part.duplicate
        sum.unchanged += part.unchanged
        sum.delivered += part.delivered
        sum.rejected += part.rejected
        sum.removed += part.removed
        sum.remaining += part.remaining
    }
}
