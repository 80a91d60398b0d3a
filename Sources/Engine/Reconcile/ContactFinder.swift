internal import RollcallCore
internal import RollcallLedger

/// Finds the contact of a row by the row's key in the source.
struct ContactFinder: Sendable {
    private let identity: RowIdentity
    private var keyDigester: RowDigester

    init(_ identity: RowIdentity, key: DigestKey) {
        self.identity = identity
        keyDigester = RowDigester(sourceKeys: key)
    }

    /// Where the ledger has the contact of the row with these key values.
    mutating func place(ofSourceKey values: [String?], in ledger: Ledger) -> Int? {
        if let id = id(madeFrom: values), let place = ledger.place(of: id.span), ledger.source(place) == nil {
            return place
        }
        // An id that was made from another text only looks like this key.
        return ledger.hasSources ? ledger.place(ofSource: digest(ofSourceKey: values)) : nil
    }

    mutating func digest(ofSourceKey values: [String?]) -> Digest { keyDigester.digest(values) }

    /// The id that a contact has whose id is made from the source's key; nil where it cannot be.
    func id(madeFrom values: [String?]) -> [UInt8]? {
        guard values.count == 1, let value = values[0], !value.isEmpty else { return nil }
        var id: [UInt8] = []
        identity.appendID(Array(value.utf8).span, &id)
        return id
    }
}
