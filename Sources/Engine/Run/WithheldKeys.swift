internal import RollcallCore

/// Keys of the source's rows that did not pass, as far as they have no contact that tells so: none of them may pass in another row.
///
/// Hashes of eight bytes, of as many keys as are kept at most; of more, the first ones are.
struct WithheldKeys: Sendable {
    private static let most = 1_000_000
    private static let free = 0

    /// By hash with linear probing, a power of two of them, at least half of them free.
    private var slots = Array(repeating: Self.free, count: 16)
    private var count = 0

    /// Takes note of the key of this row of a batch; one without any value is no key.
    mutating func insert(_ row: Int, _ key: [PinnedColumn]) {
        guard key.contains(where: { $0[row].count > 0 }) else { return }
        insert(Self.hash(row, key))
    }

    /// The same of a key as texts.
    mutating func insert(_ key: [String?]) {
        guard key.contains(where: { $0?.isEmpty == false }) else { return }
        insert(Self.hash(key))
    }

    func contains(_ key: [String?]) -> Bool {
        count > 0 && slots[slot(of: Self.hash(key))] != Self.free
    }

    private static func hash(_ key: [String?]) -> Int {
        var hasher = Hasher()
        for value in key {
            var value = value ?? ""
            value.withUTF8 { bytes in
                hasher.combine(bytes.count)
                unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
            }
        }
        return taken(hasher)
    }

    private mutating func insert(_ hash: Int) {
        guard count < Self.most else { return }
        if count * 2 == slots.count { grow() }
        let slot = slot(of: hash)
        if slots[slot] == Self.free { count += 1 }
        slots[slot] = hash
    }

    func contains(_ row: Int, _ key: [PinnedColumn]) -> Bool {
        count > 0 && slots[slot(of: Self.hash(row, key))] != Self.free
    }

    /// Where the hash is, or is to be.
    private func slot(of hash: Int) -> Int {
        var slot = hash & (slots.count - 1)
        while slots[slot] != Self.free, slots[slot] != hash { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.free, count: old.count * 2)
        for hash in old where hash != Self.free { slots[slot(of: hash)] = hash }
    }

    private static func hash(_ row: Int, _ key: [PinnedColumn]) -> Int {
        var hasher = Hasher()
        for column in key {
            hasher.combine(column[row].count)
            column.withBytes(of: row) { unsafe $0.withUnsafeBytes { unsafe hasher.combine(bytes: $0) } }
        }
        return taken(hasher)
    }

    /// Never `free`.
    private static func taken(_ hasher: Hasher) -> Int { hasher.finalize() | 1 << (Int.bitWidth - 2) }
}
