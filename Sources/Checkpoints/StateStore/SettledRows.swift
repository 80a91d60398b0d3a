public import RollcallCore

/// Rows that all have an outcome, and what is to be recorded of them.
public struct SettledRows: Sendable, Hashable {
    /// Behind the last of them; nil leaves the checkpoint where it is.
    public var position: Position?
    public var balance: Balance
    public var rejects: [Reject]
    /// Rows that were refused before and are no longer; none of them is in `rejects`.
    public var closedRejects: [ClosedReject]
    /// What was learnt of contacts.
    public var ledger: StoredSegment?
    /// What deliveries that may start once this is recorded will make of contacts; by the number of the delivery.
    public var announced: [Int: StoredSegment] = [:]
    /// Deliveries that were announced, and took place as a whole.
    public var confirmed: [Int] = []

    public init(
        position: Position?,
        balance: Balance,
        rejects: [Reject] = [],
        closedRejects: [ClosedReject] = [],
        ledger: StoredSegment? = nil
    ) {
        self.position = position
        self.balance = balance
        self.rejects = rejects
        self.closedRejects = closedRejects
        self.ledger = ledger
    }
}

/// A part of a ledger; the store does not look into it.
public struct StoredSegment: Sendable, Hashable {
    public let entries: [UInt8]
    public let entryCount: Int

    public init(_ entries: [UInt8], entryCount: Int) {
        self.entries = entries
        self.entryCount = entryCount
    }
}

/// A row that is no reject any more.
public struct ClosedReject: Sendable, Hashable {
    /// Why it is none.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The row, or a later state of it, is on the list.
        case delivered
        /// The row is no longer in the source, or no longer passes the filter.
        case left
        /// A person said so.
        case dropped
    }

    /// As `Reject.key`.
    public let key: String
    public let reason: Reason

    public init(key: String, _ reason: Reason) {
        self.key = key
        self.reason = reason
    }
}

/// How a run ended.
public enum RunEnding: Sendable, Hashable {
    /// The source was read to its end; the next run starts at `next`, or from the beginning.
    ///
    /// `isSweep`: and from its beginning too, so everything in it was seen.
    case done(next: Position?, isSweep: Bool = false)
    /// A stop was requested; the next run goes on from the checkpoint.
    case stopped
    /// The pipeline was held for another purpose than to run it; the checkpoint is as it was.
    case released
    /// With the reason, free of secrets and personal data; the next run goes on from the checkpoint.
    case failed(String)
    /// With the reason; but every row was settled, so the next run starts at `next`, or from the beginning.
    ///
    /// `isSweep`: and everything was seen, to no consequence, so it has to be seen again.
    case judged(String, next: Position?, isSweep: Bool)
}
