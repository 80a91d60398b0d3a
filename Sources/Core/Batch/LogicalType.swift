/// What the cells of a column mean.
///
/// The cells themselves are always UTF-8 text.
public enum LogicalType: String, Sendable, Hashable, CaseIterable, Codable {
    case text
    /// A whole number of any size, such as `-42`.
    case integer
    /// A number with all its digits, such as `10.50`; also `NaN` and `Infinity`, where the source has them.
    case decimal
    /// `true` or `false`.
    case boolean
    /// `2026-01-31`.
    case date
    /// ISO 8601 with a `T`: `2026-01-31T08:30:00.25Z`; without a zone when the source knows none.
    case timestamp
    /// A JSON document as its source wrote it.
    case json
}
