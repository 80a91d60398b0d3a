internal import CPrefetch

/// A hash table of places in arrays that somebody else keeps: eight bytes a slot, no object for an entry.
struct SlotTable: Sendable {
    private static let free = UInt64.max

    /// By hash with linear probing, a power of two of them: half of the hash, and the place.
    private var slots: [UInt64]
    private var used = 0

    init(capacity: Int) {
        slots = Array(repeating: Self.free, count: Self.slotCount(for: capacity))
    }

    /// Says that this hash will be looked for soon: in a large table, each look is a wait for memory, and these waits can overlap.
    func prefetch(_ hash: Int) {
        let slot = Int(UInt32(truncatingIfNeeded: hash)) & (slots.count - 1)
        unsafe slots.withUnsafeBufferPointer { slots in
            guard let base = slots.baseAddress else { return }
            unsafe rollcall_prefetch(base + slot)
        }
    }

    /// The place with this hash for which `isIt` holds.
    func find(_ hash: Int, _ isIt: (Int) -> Bool) -> Int? {
        let half = UInt32(truncatingIfNeeded: hash)
        var slot = Int(half) & (slots.count - 1)
        while slots[slot] != Self.free {
            if UInt32(slots[slot] >> 32) == half {
                let place = Int(slots[slot] & 0xFFFF_FFFF)
                if isIt(place) { return place }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// All places with this hash for which `isIt` holds, each once, in no particular order.
    func all(_ hash: Int, _ isIt: (Int) -> Bool) -> Set<Int> {
        let half = UInt32(truncatingIfNeeded: hash)
        var places: Set<Int> = []
        var slot = Int(half) & (slots.count - 1)
        while slots[slot] != Self.free {
            let place = Int(slots[slot] & 0xFFFF_FFFF)
            if UInt32(slots[slot] >> 32) == half, isIt(place) { places.insert(place) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return places
    }

    /// Adds a place below 2³² - 1.
    mutating func insert(_ hash: Int, _ place: Int) {
        if (used + 1) * 3 > slots.count * 2 { grow() }
        put(UInt64(UInt32(truncatingIfNeeded: hash)) << 32 | UInt64(place))
        used += 1
    }

    private mutating func put(_ entry: UInt64) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.free, count: old.count * 2)
        for entry in old where entry != Self.free { put(entry) }
    }

    private static func slotCount(for capacity: Int) -> Int {
        var count = 16
        while count * 2 < capacity * 3 { count *= 2 }
        return count
    }
}
