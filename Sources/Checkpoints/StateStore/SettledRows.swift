public import RollcallCore

/// Rows that all have an outcome, and the position behind the last of them.
public struct SettledRows: Sendable, Hashable {
    /// Nil leaves the checkpoint where it is.
    public let position: Position?
    public let balance: Balance
    public let rejects: [Reject]

    public init(position: Position?, balance: Balance, rejects: [Reject]) {
        self.position = position
        self.balance = balance
        self.rejects = rejects
    }
}

/// How a run ended.
public enum RunEnding: Sendable, Hashable {
    /// The source was read to its end; the next run starts at `next`, or from the beginning.
    case done(next: Position?)
    /// A stop was requested; the next run goes on from the checkpoint.
    case stopped
    /// With the reason, free of secrets and personal data; the next run goes on from the checkpoint.
    case failed(String)
}
