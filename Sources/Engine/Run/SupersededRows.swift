internal import RollcallCore

/// The rows of a run for which other rows stand.
///
/// A contact that such a row had goes only when the row that stands for it was not refused: else nobody would call that person. So
/// what becomes of them is known once all rows were seen.
struct SupersededRows: Sendable {
    /// Of the rows whose contacts are known, by the places of these in the ledger.
    private var groups: [Int: Set<RowGroup>] = [:]
    /// What the rows that were sent stand for, by the places of their contacts.
    private var sent: [Int: [RowGroup]] = [:]
    /// Those whose row was refused or held back.
    private var refused: Set<RowGroup> = []
    /// The keys of rows that are open rejects.
    private var rejects: Set<String> = []
    /// The keys of open rejects whose rows were read otherwise, too.
    private var readRejects: Set<String> = []

    mutating func add(_ place: Int, _ group: RowGroup) { groups[place, default: []].insert(group) }

    /// Takes note that a row is about to be sent, which may still be refused.
    mutating func noteSent(_ row: Int, of transformed: Transformed, place: Int) {
        let groups = transformed.standing.compactMap { $0[row] }
        if !groups.isEmpty { sent[place] = groups }
    }

    /// Takes note that the sink or the destination has refused the row of this contact.
    mutating func noteRefused(place: Int) { refused.formUnion(sent[place] ?? []) }

    mutating func addReject(_ key: String) { rejects.insert(key) }

    mutating func noteRefused(_ row: Int, of transformed: Transformed) {
        for standing in transformed.standing {
            if let group = standing[row] { refused.insert(group) }
        }
    }

    mutating func noteRead(reject key: String) { readRejects.insert(key) }

    /// The contacts of these rows, by their places in the ledger, and whether they stay.
    var contacts: [(place: Int, stays: Bool)] {
        groups.sorted { $0.key < $1.key }.map { ($0.key, !refused.isDisjoint(with: $0.value)) }
    }

    /// Rejects that are none any more.
    var settledRejects: [String] { rejects.subtracting(readRejects).sorted() }
}
