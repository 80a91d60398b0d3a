internal import RollcallCore

/// A part of the rows by the first column of their key, and how far it was read.
///
/// Values are the text that the database gave.
struct KeyRange: Codable, Equatable, Sendable {
    /// The first column of the key is greater than this; nil from the first row on.
    var over: String?
    /// And no greater than this; nil to the last row, with rows that have no key, so that these are noticed.
    var to: String?
    /// The key of the last row that was handed over; nil before the first.
    var after: [String]?

    /// Ranges that lie between these values, in their order.
    static func between(_ bounds: [String]) -> [KeyRange] {
        zip([nil] + bounds, bounds + [nil]).map { KeyRange(over: $0, to: $1) }
    }
}
