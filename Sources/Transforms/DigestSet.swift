/// Digests of 128 bits, in 22 to 43 bytes each.
struct DigestSet {
    struct Element: Hashable {
        let first: UInt64
        let second: UInt64

        /// Stands in empty slots; that a digest has no bit set is as likely as that two are the same.
        fileprivate static let none = Element(first: 0, second: 0)
    }

    private(set) var count = 0
    /// A power of two of them, at most three in four in use; a digest is at the first free place behind its own.
    private var slots = Array(repeating: Element.none, count: 1_024)

    /// - Returns: False for one that is there already.
    mutating func insert(_ element: Element) -> Bool {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let slot = self.slot(of: element)
        guard slots[slot] == .none else { return false }
        slots[slot] = element
        count += 1
        return true
    }

    private func slot(of element: Element) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: element.first) & mask
        while slots[slot] != .none, slots[slot] != element { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .none, count: old.count * 2)
        for element in old where element != .none { slots[slot(of: element)] = element }
    }
}
