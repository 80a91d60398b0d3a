internal import RollcallCore

/// What the destination holds, contact by contact, as far as Rollcall put it there.
///
/// Flat arrays, no object for an entry: for each contact 18 bytes, its id, and 11 to 16 bytes of the hash table. Places are stable as long as the value lives.
public struct Ledger: Sendable {
    /// What a run found out about a contact; of this run alone.
    public enum Mark: UInt8, Sendable {
        case unseen
        /// Its row is in the source, and was refused or held back.
        case seen
        /// Its row was read and did not pass, or is not there any more.
        case left
        case unchanged
        /// A delivery of its row was decided on.
        case sent
        /// And confirmed.
        case delivered
    }

    private var states: [LedgerEntry.State] = []
    private var marks: [Mark] = []
    private var revisions: [UInt32] = []
    /// `unknown` where a delivery's outcome is not known.
    private var digests: [RowDigest] = []
    /// `unknown` where the source's key is the text that the id was made from; empty while that holds for all.
    private var sources: [KeyDigest] = []

    private var ids: IDTable
    private var bySource: SlotTable

    /// How many entries have each state.
    private var stateCounts = Array(repeating: 0, count: LedgerEntry.State.allCases.count)

    private static let unknown = RowDigest(bits: 0)
    private static let unknownSource = KeyDigest(high: 0, low: 0)

    /// - Parameter capacity: About as many contacts, to begin with.
    public init(capacity: Int = 0) {
        ids = IDTable(capacity: capacity)
        bySource = SlotTable(capacity: 0)
        states.reserveCapacity(capacity)
        marks.reserveCapacity(capacity)
        revisions.reserveCapacity(capacity)
        digests.reserveCapacity(capacity)
    }

    /// Entries of any state.
    public var count: Int { states.count }

    public func count(of state: LedgerEntry.State) -> Int { stateCounts[Int(state.rawValue)] }

    /// Entries that are not of contacts that were removed.
    public var liveCount: Int { count - count(of: .removed) }

    /// All places, in no particular order.
    public var places: Range<Int> { states.indices }

    // MARK: - Stored segments

    /// Adds the entries of a stored segment; where a contact has an entry already, the one with the higher revision counts.
    ///
    /// - Parameters:
    ///   - segment: Its bytes.
    ///   - isPending: Whether it is of a delivery that was never confirmed: then the content of its contacts is not known.
    /// - Throws: a fatal error for bytes that are no segment.
    public mutating func load(_ segment: Span<UInt8>, isPending: Bool = false) throws {
        var hashes: [Int] = []
        try LedgerSegment.forEachEntry(in: segment) { id, _, _, _, _ in hashes.append(Self.hash(of: id)) }
        ids.prefetch(hashes)
        var following = hashes.makeIterator()
        try LedgerSegment.forEachEntry(in: segment) { id, state, digest, source, revision in
            guard let hash = following.next() else { return }
            let digest = isPending ? nil : digest
            // Contacts that were made uncallable are callable again only when their delivery is confirmed.
            let state = state == .returning && digest != nil ? .current : state
            if let place = place(of: id, hash: hash) {
                guard revision > revisions[place] else { return }
                set(place, state, digest, source)
                revisions[place] = revision
            } else {
                add(id, hash: hash, state, digest, source, revision)
            }
        }
    }

    /// All entries that are still needed, without those at `left`.
    public func segments(except left: Set<Int> = []) -> [LedgerSegment] {
        segments(of: needed(except: left))
    }

    /// The entries at these places, in segments of a size that is good to store.
    public func segments(of places: [Int]) -> [LedgerSegment] {
        segments(of: places, LedgerSegment.usualEntryCount)
    }

    /// Places of entries that are still needed, without those at `left`.
    func needed(except left: Set<Int> = []) -> [Int] {
        places.filter { states[$0] != .removed && !left.contains($0) }
    }

    func segments(of places: [Int], _ entryCount: Int) -> [LedgerSegment] {
        places.chunks(of: entryCount).map { part in
            var segment = LedgerSegment()
            for place in part { append(place, to: &segment) }
            return segment
        }
    }

    public func append(_ place: Int, to segment: inout LedgerSegment) {
        ids.withBytes(of: place) { segment.append($0, states[place], digest(place), source(place), revisions[place]) }
    }

    /// Appends an entry as a delivery that was decided on at `revision` makes it; nil where it did not take place.
    public func append(
        _ place: Int,
        delivering digest: RowDigest?,
        isReturning: Bool,
        _ revision: UInt32,
        to segment: inout LedgerSegment
    ) {
        let state: LedgerEntry.State = isReturning ? .returning : .current
        ids.withBytes(of: place) { segment.append($0, state, digest, source(place), revision) }
    }

    // MARK: - Looking up

    /// Where the contact with this id is; its hash, where that is known already.
    public func place(of id: Span<UInt8>, hash: Int? = nil) -> Int? {
        ids.place(of: id, hash: hash ?? Self.hash(of: id))
    }

    /// Of an id, as all ledgers of this process have it.
    public static func hash(of id: Span<UInt8>) -> Int { IDTable.hash(id) }

    /// Says that ids with these hashes will be looked up soon, some thousands at most; makes that faster in a large ledger.
    public func prefetch(_ hashes: [Int]) { ids.prefetch(hashes) }

    /// The contacts that the row with this key in the source has or had, as far as their ids were made from another text than the key.
    public func places(ofSource source: KeyDigest) -> Set<Int> {
        sources.isEmpty ? [] : bySource.all(source.hashValue) { sources[$0] == source }
    }

    /// Whether some contact's id was made from another text than the source's key.
    public var hasSources: Bool { !sources.isEmpty }

    /// Whether the contact is on the list for a row of the source.
    public func hasRow(_ place: Int) -> Bool { states[place] == .current || states[place] == .returning }

    public func state(_ place: Int) -> LedgerEntry.State { states[place] }
    public func mark(_ place: Int) -> Mark { marks[place] }
    public func revision(_ place: Int) -> UInt32 { revisions[place] }
    public func id(_ place: Int) -> String { ids.text(place) }

    public func withID<Result>(of place: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try ids.withBytes(of: place, body)
    }

    public func digest(_ place: Int) -> RowDigest? { digests[place] == Self.unknown ? nil : digests[place] }

    public func source(_ place: Int) -> KeyDigest? {
        sources.isEmpty || sources[place] == Self.unknownSource ? nil : sources[place]
    }

    // MARK: - Changing

    /// Adds a contact that has no entry, and returns its place.
    @discardableResult
    public mutating func add(
        _ id: Span<UInt8>,
        hash: Int? = nil,
        _ state: LedgerEntry.State,
        _ digest: RowDigest?,
        _ source: KeyDigest?,
        _ revision: UInt32 = 1
    ) -> Int {
        let place = states.count
        ids.add(id, hash: hash ?? Self.hash(of: id))
        states.append(state)
        marks.append(.unseen)
        revisions.append(revision)
        digests.append(digest ?? Self.unknown)
        stateCounts[Int(state.rawValue)] += 1
        if !sources.isEmpty { sources.append(Self.unknownSource) }
        if let source { setSource(source, of: place) }
        return place
    }

    /// Changes what is known of a contact; its revision grows.
    public mutating func change(_ place: Int, _ state: LedgerEntry.State, _ digest: RowDigest?, _ source: KeyDigest?) {
        set(place, state, digest, source)
        revisions[place] += 1
    }

    /// Changes how a contact stands; its content is what it was.
    public mutating func change(_ place: Int, _ state: LedgerEntry.State) {
        change(place, state, digest(place), source(place))
    }

    /// Takes note that the delivery that was decided on at `revision` took place.
    ///
    /// Of no account where something else was decided on since.
    public mutating func confirm(_ place: Int, revision: UInt32, _ digest: RowDigest) {
        guard revisions[place] == revision else { return }
        set(place, .current, digest, source(place))
    }

    /// Takes note that the contact's row has left.
    ///
    /// - Returns: Whether that is news.
    public mutating func leave(_ place: Int) -> Bool {
        switch states[place] {
        case .current: change(place, .leaving)
        // It may be callable, and was uncallable because of Rollcall.
        case .returning: change(place, .silencing, nil, source(place))
        case .leaving, .deleting, .deletingSilenced, .silencing, .silenced, .parted, .removed: return false
        }
        return true
    }

    public mutating func setMark(_ mark: Mark, of place: Int) { marks[place] = mark }

    private mutating func set(_ place: Int, _ state: LedgerEntry.State, _ digest: RowDigest?, _ source: KeyDigest?) {
        stateCounts[Int(states[place].rawValue)] -= 1
        stateCounts[Int(state.rawValue)] += 1
        states[place] = state
        digests[place] = digest ?? Self.unknown
        if let source {
            setSource(source, of: place)
        } else if !sources.isEmpty {
            sources[place] = Self.unknownSource
        }
    }

    private mutating func setSource(_ source: KeyDigest, of place: Int) {
        if sources.isEmpty { sources = Array(repeating: Self.unknownSource, count: states.count) }
        guard sources[place] != source else { return }
        sources[place] = source
        // The slot of a source that was there before stays, and is passed over, as it no longer leads to an equal one.
        bySource.insert(source.hashValue, place)
    }
}
