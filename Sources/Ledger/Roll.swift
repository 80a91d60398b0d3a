/// What a destination has and a source wants, contact by contact, while the two are compared.
///
/// Flat arrays, and nothing of a person: an id and the digest of what the destination has.
public struct Roll: Sendable {
    /// What the comparison has found out about a contact so far.
    public enum Finding: UInt8, Sendable, CaseIterable {
        /// At the destination, and no row was read that makes it.
        case unclaimed
        /// At the destination, with the content of its row.
        case matched
        /// Its content there is not its row's, and what was delivered last is the row: somebody has changed it there.
        case changedThere
        /// Its content there is what was delivered last, and its row has changed since.
        case changedInSource
        /// Its content there is not its row's, and what was delivered last is neither of them, or not known.
        case changed
        /// Was delivered, and is not there.
        case lost
        /// Not there, and as far as is known it never was, or was removed.
        case undelivered
        /// The destination refused just this content of its row.
        case rejected
        /// Its row is refused before anything is sent.
        case invalid
        /// Was at the destination, and no longer is.
        case gone
    }

    private static let unknown = RowDigest(bits: 0)

    private var ids: IDTable
    /// Of what the destination has; `unknown` for what it has not.
    private var digests: [RowDigest] = []
    private var findings: [Finding] = []
    /// Whether the contact may be called; nil where the destination does not say.
    private var callable: [Bool?] = []

    /// - Parameter capacity: About as many contacts, to begin with.
    public init(capacity: Int = 0) {
        ids = IDTable(capacity: capacity)
        digests.reserveCapacity(capacity)
        findings.reserveCapacity(capacity)
        callable.reserveCapacity(capacity)
    }

    /// All places, in the order in which contacts were added.
    public var places: Range<Int> { findings.indices }

    public func place(of id: Span<UInt8>) -> Int? { ids.place(of: id, hash: IDTable.hash(id)) }
    public func id(_ place: Int) -> String { ids.text(place) }
    public func finding(_ place: Int) -> Finding { findings[place] }
    public func isCallable(_ place: Int) -> Bool? { callable[place] }

    public func withID<Result>(of place: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try ids.withBytes(of: place, body)
    }

    /// Of the content at the destination; nil where the contact is not there.
    public func digest(_ place: Int) -> RowDigest? { digests[place] == Self.unknown ? nil : digests[place] }

    /// Adds a contact that has no place yet; without a digest, one that is not at the destination.
    @discardableResult
    public mutating func add(_ id: Span<UInt8>, _ digest: RowDigest?, isCallable: Bool?, _ finding: Finding) -> Int {
        ids.add(id, hash: IDTable.hash(id))
        digests.append(digest ?? Self.unknown)
        findings.append(finding)
        callable.append(isCallable)
        return findings.count - 1
    }

    public mutating func set(_ finding: Finding, of place: Int) { findings[place] = finding }

    /// Takes note of what a second look shows; nil where the contact is not there.
    public mutating func look(_ place: Int, _ digest: RowDigest?, isCallable: Bool?) {
        digests[place] = digest ?? Self.unknown
        callable[place] = isCallable
    }
}
