internal import RollcallCore
internal import RollcallLedger

/// Finds the contact of a row by the row's key in the source.
struct ContactFinder: Sendable {
    private let identity: RowIdentity
    private var keyDigester: RowDigester

    init(_ identity: RowIdentity, key: DigestKey) {
        self.init(identity, RowDigester(sourceKeys: key))
    }

    init(_ identity: RowIdentity, _ keyDigester: RowDigester) {
        self.identity = identity
        self.keyDigester = keyDigester
    }

    /// Where the ledger has the contacts that the row with these key values has or had.
    mutating func places(ofSourceKey values: [String?], in ledger: Ledger) -> Set<Int> {
        var places: Set<Int> = []
        // An id that was made from another text only looks like this key.
        if let id = id(madeFrom: values), let place = ledger.place(of: id.span), ledger.source(place) == nil {
            places.insert(place)
        }
        return ledger.hasSources ? places.union(ledger.places(ofSource: digest(ofSourceKey: values))) : places
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
