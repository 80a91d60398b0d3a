/// A row that did not reach the list, and why.
///
/// Holds the row's key and no other value of it.
public struct Reject: Sendable, Hashable {
    /// Who refused the row.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Rollcall, before anything was sent.
        case invalid
        /// The destination.
        case rejected
    }

    public let stage: Stage
    /// The row's key: the source's key columns, joined by `/`, or the destination's key.
    public let key: String
    /// Stable and fit for grouping, such as `value_too_long` or Genesys' `invalid.contact.columns`.
    public let code: String
    /// For a person; names columns and limits, never values.
    public let reason: String

    public init(_ stage: Stage, key: String, code: String, reason: String) {
        self.stage = stage
        self.key = key
        self.code = code
        self.reason = reason
    }
}
