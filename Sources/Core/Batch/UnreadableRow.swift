/// A row that a source came upon and could make nothing of.
///
/// It has no cells; it counts as read, and as invalid.
public struct UnreadableRow: Sendable, Hashable {
    /// Where it is, for a person: `leads.csv:17`.
    public let place: String
    /// The values of the source's key columns, where they could be read all the same.
    public let keyValues: [String]?
    /// Stable and fit for grouping: `unclosed_quote`.
    public let code: String
    /// For a person; names columns and limits, never values.
    public let reason: String

    public init(at place: String, key keyValues: [String]? = nil, code: String, reason: String) {
        self.place = place
        self.keyValues = keyValues
        self.code = code
        self.reason = reason
    }
}
