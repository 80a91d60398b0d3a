internal import RollcallCore
internal import RollcallLedger

/// Finds which contacts are a subject's, by the ledger, by the row, and by the key.
struct ContactSearch: Sendable {
    var ledger: Ledger
    private var finder: ContactFinder

    init(_ ledger: Ledger, _ identity: RowIdentity, key: DigestKey) {
        self.ledger = ledger
        finder = ContactFinder(identity, key: key)
    }

    /// The ids that the subject's contact has, had or would have; `keyValue` is what the row's id is made from, as it is now.
    ///
    /// Without a row, and where the ledger knows of none, the key may be what the id was made from. But not where some contact's
    /// id was made from another text: then that id may be somebody else's.
    mutating func ids(of subject: Subject, keyValue: String?) -> [String] {
        var ids: [String] = []
        ids += finder.places(ofSourceKey: subject.values, in: ledger).map { ledger.id($0) }
        if let keyValue, let id = finder.id(madeFrom: [keyValue]) { ids.append(String(decoding: id, as: UTF8.self)) }
        if ids.isEmpty, !ledger.hasSources, let id = finder.id(madeFrom: subject.values) {
            ids.append(String(decoding: id, as: UTF8.self))
        }
        return Array(Set(ids)).sorted()
    }

    /// Where the ledger has the subject, whatever became of the contact.
    mutating func places(of subject: Subject, _ ids: [String]) -> Set<Int> {
        Set(ids.compactMap { id in ledger.place(of: Array(id.utf8).span) })
            .union(finder.places(ofSourceKey: subject.values, in: ledger))
    }
}
