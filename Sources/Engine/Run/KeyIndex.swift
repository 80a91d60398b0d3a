/// The keys of a delivery's rows and where they are: a hash table over their bytes, without an object for each key.
///
/// Bytes, because Swift's strings are equal where letters are composed in different ways, and a destination's ids are not.
struct KeyIndex: Sendable {
    private struct Entry {
        let hash: Int
        let bytes: Range<Int>
        var row: Int
    }

    private var arena: [UInt8] = []
    private var entries: [Entry] = []
    /// By hash with linear probing: the place of an entry, or `free`.
    private var slots: [Int32]

    private static let free: Int32 = -1

    /// - Parameter capacity: as many different keys at most.
    init(capacity: Int) {
        var slotCount = 16
        while slotCount < 2 * capacity { slotCount *= 2 }
        slots = Array(repeating: Self.free, count: slotCount)
        entries.reserveCapacity(capacity)
    }

    /// Notes the row that has the key, and returns the row that had it before.
    mutating func insert(_ key: Span<UInt8>, row: Int) -> Int? {
        let hash = Self.hash(key)
        var slot = hash & (slots.count - 1)
        while slots[slot] != Self.free {
            let place = Int(slots[slot])
            if entries[place].hash == hash, hasBytes(entries[place], key) {
                defer { entries[place].row = row }
                return entries[place].row
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(entries.count)
        let start = arena.count
        unsafe key.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
        entries.append(Entry(hash: hash, bytes: start..<arena.count, row: row))
        return nil
    }

    /// Whether no key is in both.
    func isDisjoint(with other: KeyIndex) -> Bool {
        entries.allSatisfy { !other.contains($0.hash, arena.span.extracting($0.bytes)) }
    }

    private func contains(_ hash: Int, _ key: Span<UInt8>) -> Bool {
        var slot = hash & (slots.count - 1)
        while slots[slot] != Self.free {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, hasBytes(entry, key) { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    private func hasBytes(_ entry: Entry, _ key: Span<UInt8>) -> Bool {
        entry.bytes.count == key.count && key.indices.allSatisfy { arena[entry.bytes.lowerBound + $0] == key[$0] }
    }

    private static func hash(_ key: Span<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe key.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
