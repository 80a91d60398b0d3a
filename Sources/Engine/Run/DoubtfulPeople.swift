internal import RollcallCore

/// People of whom one of several sources has a row that cannot be read, and may say no: what the others say of them does not count.
struct DoubtfulPeople: Sendable {
    /// The place at which the key begins that sources share in a row's key, behind the source's name; nil where there is one source.
    private let keyStart: Int?
    private var keys: Set<[String]> = []

    init(_ sources: SourceList) {
        keyStart = sources.members.count > 1 ? (sources.nameColumn == nil ? 0 : 1) : nil
    }

    /// Takes note of rows that cannot be read, by their keys in their sources.
    mutating func add(_ unreadable: some Sequence<[String]>) {
        guard let keyStart else { return }
        keys.formUnion(unreadable.map { Array($0.dropFirst(keyStart)) })
    }

    /// Whether a row with these key columns tells of one of them.
    func contains(_ row: Int, _ sourceKeys: [PinnedColumn]) -> Bool {
        guard let keyStart, !keys.isEmpty else { return false }
        return keys.contains(sourceKeys.dropFirst(keyStart).map { $0.text(row) ?? "" })
    }
}
