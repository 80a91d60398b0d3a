internal import RollcallCore
internal import RollcallLedger

/// Finds the contact of a row by the row's key in the source.
struct ContactFinder: Sendable {
    private let identity: RowIdentity
    private let keyDigester: KeyDigester
    private var id: [UInt8] = []

    init(_ identity: RowIdentity, key: DigestKey) {
        self.identity = identity
        keyDigester = KeyDigester(key)
    }

    /// Where the ledger has the contacts that the row with these key values has or had.
    mutating func places(ofSourceKey values: [String?], in ledger: Ledger) -> Set<Int> {
        let place = id(madeFrom: values).flatMap { ledger.place(madeFromKey: $0.span) }
        return union(place, in: ledger) { $0.digest(values) }
    }

    /// As `places(ofSourceKey:)`, for a row of a batch with these key columns; makes no object for it.
    mutating func places(ofRow row: Int, _ keys: [PinnedColumn], in ledger: Ledger) -> Set<Int> {
        var place: Int?
        if keys.count == 1, keys[0][row].count > 0 {
            id.removeAll(keepingCapacity: true)
            keys[0].withBytes(of: row) { identity.appendID($0, &id) }
            place = ledger.place(madeFromKey: id.span)
        }
        return union(place, in: ledger) { $0.digest(row: row, of: keys) }
    }

    /// The digest by which the ledger knows a row whose contact's id was made from another text than its key.
    func digest(ofRow row: Int, _ keys: [PinnedColumn]) -> KeyDigest {
        keyDigester.digest(row: row, of: keys)
    }

    private func union(
        _ place: Int?,
        in ledger: Ledger,
        _ digest: (KeyDigester) -> KeyDigest
    ) -> Set<Int> {
        let places = place.map { Set([$0]) } ?? []
        return ledger.hasSources ? places.union(ledger.places(ofSource: digest(keyDigester))) : places
    }

    /// The id that a contact has whose id is made from the source's key; nil where it cannot be.
    func id(madeFrom values: [String?]) -> [UInt8]? {
        guard values.count == 1, let value = values[0], !value.isEmpty else { return nil }
        var id: [UInt8] = []
        identity.appendID(Array(value.utf8).span, &id)
        return id
    }
}

extension Ledger {
    /// The contact with this id, unless the id was made from another text, and so only looks like the key.
    fileprivate func place(madeFromKey id: Span<UInt8>) -> Int? {
        place(of: id).flatMap { source($0) == nil ? $0 : nil }
    }
}
