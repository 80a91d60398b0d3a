internal import RollcallCore
internal import RollcallLedger
internal import Synchronization

/// Compares what a destination has with what the rows of a source make, and with what the ledger knows of both.
///
/// First it takes what the destination has, then the rows of the source. It keeps nothing of a person: of each contact an id and
/// a digest, and the values of some tens of rows for as long as their second look takes.
final class Comparison: Sendable {
    /// A row that differs from its contact, as far as the first look shows.
    fileprivate struct Suspect {
        let digest: RowDigest
        let values: [String?]
    }

    struct State {
        var ledger: Ledger
        var roll: Roll
        var rows = RowCount()
        fileprivate var withheldKeys = WithheldKeys()
        /// By place in the roll the columns that differ, of contacts that were looked at twice.
        var columns: [Int: [Int]] = [:]
        fileprivate let rowDigester: RowDigester
        fileprivate var finder: ContactFinder
        fileprivate var suspects: [Int: Suspect] = [:]
        /// How many more contacts may be looked at twice: of those that are there, and of those that are not.
        fileprivate var looksLeft = (there: maximumLooks, absent: maximumLooks)
    }

    /// Contacts of a kind that are looked at twice; each costs a fiftieth of a request.
    static let maximumLooks = 1_000
    /// Suspects that wait for company.
    private static let looksAtOnce = 50

    private let identity: RowIdentity
    private let sources: SourceList
    /// By the source key's name, the content that the destination refused.
    private let refusedContents: [String: [UInt8]]
    private let state: Mutex<State>

    /// A comparison for rows of these sources, which are delivered with the columns of `schema`.
    init(
        _ ledger: consuming sending Ledger,
        _ identity: RowIdentity,
        key: DigestKey,
        sources: SourceList,
        schema: Schema,
        refusedContents: [String: [UInt8]]
    ) {
        self.identity = identity
        self.sources = sources
        self.refusedContents = refusedContents
        let count = ledger.count
        state = Mutex(
            State(
                ledger: ledger,
                roll: Roll(capacity: count),
                rowDigester: RowDigester(key, rowsOf: schema, nullIsEmpty: identity.nullIsEmpty),
                finder: ContactFinder(identity, key: key)
            )
        )
    }

    func withState<Result: Sendable>(_ body: (inout State) throws -> sending Result) rethrows -> Result {
        try state.withLock { try body(&$0) }
    }

    // MARK: - What the destination has

    func take(_ held: HeldRow) {
        state.withLock { state in
            let digest = state.rowDigester.digest(held.values)
            let id = Array(held.id.utf8)
            if let place = state.roll.place(of: id.span) {
                state.roll.look(place, digest, isCallable: held.isCallable)
            } else {
                state.roll.add(id.span, digest, isCallable: held.isCallable, .unclaimed)
            }
        }
    }

    // MARK: - What the source wants

    /// Compares the rows of a batch.
    ///
    /// - Parameters:
    ///   - transformed: What the transforms made of the batch.
    ///   - source: The batch as it was read.
    ///   - refusals: Rows of the transformed batch that the sink refuses.
    /// - Returns: The ids of contacts that are to be looked at now.
    /// - Throws: where a row that is filtered out has the key of one that was let through: which of them counts, no run could tell.
    func compare(_ transformed: Transformed, from source: Batch, refusals: [RowFault]) throws -> [String] {
        let keyColumns = KeyColumns(sources.keyColumns, of: source)
        let keys = keyColumns.columns
        let refused = Set(refusals.map(\.row))
        return try state.withLock { state in
            state.rows.read += source.rowCount + source.unreadable.count
            state.rows.filtered += transformed.filtered
            state.rows.invalid += transformed.invalid.count + refusals.count + source.unreadable.count
            state.rows.unidentified += keyColumns.unidentified(in: source)
            try transformed.batch.withPinnedColumns { columns in
                for row in 0..<transformed.batch.rowCount where !refused.contains(row) {
                    try compare(row, of: columns, keys.map { $0[transformed.batch.origin(of: row)] }, &state)
                }
            }
            for row in transformed.filteredRows(of: source) where transformed.superseded[row] == nil {
                let key = keys.map { $0[row] }
                guard !hasPassed(key, &state) else {
                    throw RollcallError.keyIsNotUnique(key, sources)
                }
                state.withheldKeys.insert(key)
            }
            for fault in transformed.invalid { claim(keys.map { $0[fault.row] }, &state) }
            for key in source.unreadable.compactMap(\.keyValues) { claim(key, &state) }
            for fault in refusals {
                claim(keys.map { $0[transformed.batch.origin(of: fault.row)] }, &state)
            }
            return state.suspects.count >= Self.looksAtOnce ? ids(of: state.suspects.keys, state) : []
        }
    }

    private func compare(_ row: Int, of columns: [PinnedColumn], _ sourceKey: [String?], _ state: inout State) throws {
        guard !state.withheldKeys.contains(sourceKey) else { throw RollcallError.keyIsNotUnique(sourceKey, sources) }
        var id: [UInt8] = []
        columns[identity.keyColumn].withBytes(of: row) { identity.appendID($0, &id) }
        let digest = state.rowDigester.digest(row: row, of: columns)
        let known = state.roll.place(of: id.span)
        if let known, ![.unclaimed, .invalid].contains(state.roll.finding(known)) { state.rows.duplicate += 1 }
        let place = known ?? state.roll.add(id.span, nil, isCallable: nil, .undelivered)
        state.suspects[place] = nil
        state.columns[place] = nil
        var finding = state.finding(place, wanting: digest)
        if finding != .matched, !refusedContents.isEmpty {
            let name = Reject.name(of: sourceKey.map { $0 ?? "NULL" })
            if refusedContents[name] == digest.bytes { finding = .rejected }
        }
        state.roll.set(finding, of: place)
        guard finding.isDifference, state.mayLook(place) else { return }
        state.suspects[place] = Suspect(digest: digest, values: columns.map { $0.text(row) })
    }

    /// Whether a row with this key was compared with a contact that the ledger knows.
    ///
    /// Contacts whose ids are no keys may have come to other rows since, and are not asked for.
    private func hasPassed(_ sourceKey: [String?], _ state: inout State) -> Bool {
        state.finder.places(ofSourceKey: sourceKey, in: state.ledger).contains { entry in
            guard state.ledger.source(entry) == nil else { return false }
            let place = state.ledger.withID(of: entry) { state.roll.place(of: $0) }
            return place.map { ![.unclaimed, .invalid, .gone].contains(state.roll.finding($0)) } ?? false
        }
    }

    /// The contact of a row that is refused has its row all the same.
    private func claim(_ sourceKey: [String?], _ state: inout State) {
        for entry in state.finder.places(ofSourceKey: sourceKey, in: state.ledger) where state.ledger.hasRow(entry) {
            let place = state.ledger.withID(of: entry) { state.roll.place(of: $0) }
            guard let place, state.roll.finding(place) == .unclaimed else { continue }
            state.roll.set(.invalid, of: place)
        }
    }

    // MARK: - Second looks

    /// The contacts that still wait for their second look, once all rows were compared.
    var lastSuspects: [String] { state.withLock { ids(of: $0.suspects.keys, $0) } }

    /// Takes note of how the contacts with these ids are now; those of `ids` that are not in `held` are not there.
    func look(at held: [HeldRow], of ids: [String]) {
        let found = Dictionary(held.map { ($0.id, $0) }) { $1 }
        state.withLock { state in
            for id in ids {
                let bytes = Array(id.utf8)
                guard let place = state.roll.place(of: bytes.span) else { continue }
                let held = found[id]
                state.roll.look(
                    place,
                    held.map { state.rowDigester.digest($0.values) },
                    isCallable: held?.isCallable
                )
                if let suspect = state.suspects.removeValue(forKey: place) {
                    state.roll.set(state.finding(place, wanting: suspect.digest), of: place)
                    if let held, state.roll.finding(place) != .matched {
                        state.columns[place] = differences(suspect.values, held.values)
                    }
                } else if held == nil, state.roll.finding(place) == .unclaimed {
                    state.roll.set(.gone, of: place)
                }
            }
        }
    }

    /// By bytes: Swift takes letters that are composed in different ways for equal, a destination may not.
    private func differences(_ wanted: [String?], _ held: [String?]) -> [Int] {
        let bytes = { [identity] (value: String?) in
            (identity.nullIsEmpty ? value ?? "" : value).map { Array($0.utf8) }
        }
        return zip(wanted, held).enumerated().compactMap { index, values in
            bytes(values.0) == bytes(values.1) ? nil : index
        }
    }

    private func ids(of places: some Sequence<Int>, _ state: State) -> [String] {
        places.sorted().map { state.roll.id($0) }
    }
}

extension Comparison.State {
    /// What is to be said of a contact whose row has the content `wanted`.
    fileprivate func finding(_ place: Int, wanting wanted: RowDigest) -> Roll.Finding {
        let entry = roll.withID(of: place) { ledger.place(of: $0) }
        let known = entry.flatMap { ledger.state($0) == .removed ? nil : ledger.digest($0) }
        guard let held = roll.digest(place) else { return known == nil ? .undelivered : .lost }
        if held == wanted {
            // Its row had left, and is back: a run has still to make it callable.
            let isSilenced = entry.map { ledger.state($0).isSilenced } ?? false
            return isSilenced && roll.isCallable(place) == false ? .changedInSource : .matched
        }
        return known == wanted ? .changedThere : known == held ? .changedInSource : .changed
    }

    fileprivate mutating func mayLook(_ place: Int) -> Bool {
        if roll.digest(place) == nil {
            looksLeft.absent -= 1
            return looksLeft.absent >= 0
        }
        looksLeft.there -= 1
        return looksLeft.there >= 0
    }
}

extension Roll.Finding {
    /// Whether a row of the source is not at the destination as it should be.
    var isDifference: Bool {
        switch self {
        case .changedThere, .changedInSource, .changed, .lost, .undelivered: true
        case .unclaimed, .matched, .rejected, .invalid, .gone: false
        }
    }
}

/// What became of the rows that were read.
///
/// All others were compared with a contact, each by itself.
struct RowCount: Sendable {
    var read = 0
    var filtered = 0
    /// Refused by a transform or by the sink, or unreadable.
    var invalid = 0
    /// Of them, those of which nobody knows whose they are: any contact without a row may be theirs.
    var unidentified = 0
    /// With the id of a later row, which counts.
    var duplicate = 0
}
