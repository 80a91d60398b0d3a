internal import RollcallCore

/// People of whom a row cannot be read, and may say no: what other rows say of them does not count.
///
/// Only where rows choose between each other: among several sources that share their keys, and where a `dedupe` does.
struct DoubtfulPeople: Sendable {
    /// The place at which the key begins that rows share, behind the source's name; nil where no row speaks for another.
    private let keyStart: Int?
    /// Whether anybody may be meant by a row that has no key.
    private let mayBeAnybody: Bool
    private var keys: Set<[String]> = []
    /// Whether nobody may come to the list who is not on it: a row that nobody knows whose it is may be of just that person.
    private(set) var admitsNobodyNew = false

    /// - Parameters:
    ///   - sources: Where the rows are from.
    ///   - choosesRows: Whether a step lets one of several rows through.
    init(_ sources: SourceList, choosesRows: Bool) {
        // Where sources share keys, a step always chooses.
        mayBeAnybody = choosesRows && sources.members.count > 1
        keyStart = choosesRows ? (sources.nameColumn == nil ? 0 : 1) : nil
    }

    /// Whether several rows may be of one person.
    var isExpected: Bool { keyStart != nil }

    /// Takes note of rows that cannot be read.
    mutating func add(_ unreadable: UnreadableRows) {
        if mayBeAnybody, unreadable.hasNobodys { admitsNobodyNew = true }
        guard let keyStart else { return }
        keys.formUnion(unreadable.keys.map { Array($0.dropFirst(keyStart)) })
    }

    /// Whether a row with these key columns tells of one of them.
    func contains(_ row: Int, _ sourceKeys: [PinnedColumn]) -> Bool {
        guard let keyStart, !keys.isEmpty else { return false }
        return keys.contains(sourceKeys.dropFirst(keyStart).map { $0.text(row) ?? "" })
    }
}

/// Rows that a source came upon and could not read, or of which it cannot be told whose they are.
struct UnreadableRows: Sendable {
    /// Of those whose keys are known.
    var keys: Set<[String]> = []
    /// Whether there are some that nobody knows whose they are.
    var hasNobodys = false

    init() {}

    /// Those that came with a batch.
    ///
    /// - Parameters:
    ///   - batch: As it was read.
    ///   - keyColumns: The source's: a row without a key is nobody's, too.
    init(with batch: Batch, _ keyColumns: [String]) {
        keys = Set(batch.unreadable.compactMap(\.keyValues))
        hasNobodys =
            batch.unreadable.contains { $0.keyValues == nil } || KeyColumns(keyColumns, of: batch).hasRowWithoutKey
    }

    mutating func add(_ others: UnreadableRows) {
        keys.formUnion(others.keys)
        hasNobodys = hasNobodys || others.hasNobodys
    }
}
