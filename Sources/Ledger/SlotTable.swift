internal import CPrefetch

/// A hash table of places in arrays that somebody else keeps: eight bytes a slot, no object for an entry.
struct SlotTable: Sendable {
    private static let free = UInt64.max

    /// By hash with linear probing: half of the hash, and the place.
    private var slots: [UInt64]
    private var used = 0

    init(capacity: Int) {
        slots = Array(repeating: Self.free, count: Self.slotCount(for: capacity))
    }

    /// Says that this hash will be looked for soon: in a large table, each look is a wait for memory, and these waits can overlap.
    func prefetch(_ hash: Int) {
        let slot = slot(for: UInt32(truncatingIfNeeded: hash))
        unsafe slots.withUnsafeBufferPointer { slots in
            guard let base = slots.baseAddress else { return }
            unsafe rollcall_prefetch(base + slot)
        }
    }

    /// The place with this hash for which `isIt` holds.
    func find(_ hash: Int, _ isIt: (Int) -> Bool) -> Int? {
        let half = UInt32(truncatingIfNeeded: hash)
        var slot = slot(for: half)
        while slots[slot] != Self.free {
            if UInt32(slots[slot] >> 32) == half {
                let place = Int(slots[slot] & 0xFFFF_FFFF)
                if isIt(place) { return place }
            }
            slot = next(slot)
        }
        return nil
    }

    /// All places with this hash for which `isIt` holds, each once, in no particular order.
    func all(_ hash: Int, _ isIt: (Int) -> Bool) -> Set<Int> {
        let half = UInt32(truncatingIfNeeded: hash)
        var places: Set<Int> = []
        var slot = slot(for: half)
        while slots[slot] != Self.free {
            let place = Int(slots[slot] & 0xFFFF_FFFF)
            if UInt32(slots[slot] >> 32) == half, isIt(place) { places.insert(place) }
            slot = next(slot)
        }
        return places
    }

    /// Adds a place below 2³² - 1.
    mutating func insert(_ hash: Int, _ place: Int) {
        if (used + 1) * 4 > slots.count * 3 { grow() }
        put(UInt64(UInt32(truncatingIfNeeded: hash)) << 32 | UInt64(place))
        used += 1
    }

    private mutating func put(_ entry: UInt64) {
        var slot = slot(for: UInt32(entry >> 32))
        while slots[slot] != Self.free { slot = next(slot) }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.free, count: old.count + old.count / 2)
        for entry in old where entry != Self.free { put(entry) }
    }

    /// Where the search for a hash begins: any count of slots will do, so that a table is no larger than it has to be.
    private func slot(for half: UInt32) -> Int { Int((UInt64(half) * UInt64(slots.count)) >> 32) }

    private func next(_ slot: Int) -> Int { slot + 1 == slots.count ? 0 : slot + 1 }

    /// Room for a few more than were expected.
    private static func slotCount(for capacity: Int) -> Int { max(16, capacity * 7 / 5) }
}
