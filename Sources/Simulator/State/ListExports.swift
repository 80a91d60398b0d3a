import Foundation

/// The exports of one list.
struct ListExports: Sendable {
    /// What a client can download.
    struct Export: Sendable {
        let id: String
        /// When it became ready.
        let date: Date
        /// The contacts as they were then.
        let contacts: ContactTable
    }

    /// Two exports differ in their dates by at least as much as is shown of them.
    private static let shortestInterval: TimeInterval = 0.001

    /// The last that became ready; an earlier one can no longer be downloaded.
    private(set) var latest: Export?
    /// When the one that is being made will be ready.
    private(set) var due: Duration?

    /// Begins an export, unless one is being made: that one will hold all that is stored by then.
    mutating func begin(due instant: Duration) {
        due = due ?? instant
    }

    /// Ends the making of an export.
    mutating func finish(_ contacts: ContactTable, date: Date) {
        let earliest = latest.map { $0.date.addingTimeInterval(Self.shortestInterval) } ?? date
        latest = Export(id: UUID().uuidString.lowercased(), date: max(date, earliest), contacts: contacts)
        due = nil
    }

    /// The export that a client is told of.
    func visible(servesStale: Bool) -> Export? {
        due == nil || servesStale ? latest : nil
    }
}
