/// Finds what belongs to some bytes, without making a string of them.
struct ByteTable<Value: Sendable>: Sendable {
    private var keys: [[UInt8]] = []
    private var values: [Value] = []
    /// The place of an entry in `keys` plus one, or zero; a power of two of them, at most half in use.
    private var slots: [Int32]

    /// - Parameter entries: Of two with one key the later counts.
    init(_ entries: some Collection<(key: String, value: Value)>) {
        var capacity = 8
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
        for (key, value) in entries {
            let bytes = Array(key.utf8)
            let slot = self.slot(of: bytes.span)
            if slots[slot] > 0 {
                values[Int(slots[slot]) - 1] = value
            } else {
                keys.append(bytes)
                values.append(value)
                slots[slot] = Int32(keys.count)
            }
        }
    }

    subscript(key: Span<UInt8>) -> Value? {
        let entry = slots[slot(of: key)]
        return entry > 0 ? values[Int(entry) - 1] : nil
    }

    /// The slot that has the key, or else the empty one where it would be.
    private func slot(of key: Span<UInt8>) -> Int {
        var slot = Int(truncatingIfNeeded: key.stableHash) & (slots.count - 1)
        while slots[slot] > 0, !key.isSame(as: keys[Int(slots[slot]) - 1]) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

extension Span<UInt8> {
    /// The same on every machine and in every version: FNV-1a, with its bits mixed once more.
    ///
    /// Not for keys that somebody could choose to collide.
    var stableHash: UInt64 { stableHash(seed: 0) }

    func stableHash(seed: UInt64) -> UInt64 {
        var hash = seed ^ 0xCBF2_9CE4_8422_2325
        for index in indices { hash = (hash ^ UInt64(self[index])) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ (hash >> 33)
    }

    fileprivate func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
