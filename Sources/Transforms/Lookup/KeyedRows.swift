internal import RollcallCore

/// Rows by their keys, all in one arena: 22 to 27 bytes for each row besides its values.
struct KeyedRows: Sendable {
    /// What became of a row that was to be added.
    enum Insertion: Equatable {
        case added
        /// The row is there already, with the same values.
        case known
        /// The key is there with other values, in the row of this number.
        case contradicted(Int)
    }

    private struct Entry {
        /// Where the key is in the arena, and behind it the values.
        let start: Int
        let hash: UInt32
        let number: UInt32
    }

    private(set) var arena: [UInt8] = []
    private var entries: [Entry] = []
    /// The place of an entry plus one, or zero; a power of two of them, at most three in four in use.
    private var slots: [UInt32] = Array(repeating: 0, count: 1_024)

    var count: Int { entries.count }

    /// Adds a row; both `key` and `values` are fields, one behind the other, and there are equally many in each row.
    mutating func insert(_ key: [UInt8], _ values: [UInt8], number: Int) -> Insertion {
        if (entries.count + 1) * 4 > slots.count * 3 { grow() }
        let hash = Self.hash(key)
        let slot = self.slot(of: key, hash)
        if slots[slot] > 0 {
            let entry = entries[Int(slots[slot]) - 1]
            return holds(values, at: entry.start + key.count) ? .known : .contradicted(Int(entry.number))
        }
        entries.append(Entry(start: arena.count, hash: hash, number: UInt32(truncatingIfNeeded: number)))
        slots[slot] = UInt32(entries.count)
        arena += key
        arena += values
        return .added
    }

    /// Where the values of the row with this key begin in the arena.
    func values(of key: [UInt8]) -> Int? {
        let slot = slots[slot(of: key, Self.hash(key))]
        return slot > 0 ? entries[Int(slot) - 1].start + key.count : nil
    }

    /// Where the fields of each row begin in the arena, and its number, in the order in which they were added.
    var places: some Sequence<(start: Int, number: Int)> {
        entries.lazy.map { ($0.start, Int($0.number)) }
    }

    /// Seeded anew in each process: keys come from outside, and nobody can choose them to collide.
    private static func hash(_ key: [UInt8]) -> UInt32 {
        var hasher = Hasher()
        unsafe key.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// The slot that has the key, or else the empty one where it would be.
    private func slot(of key: [UInt8], _ hash: UInt32) -> Int {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] > 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.hash == hash, holds(key, at: entry.start) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func holds(_ bytes: [UInt8], at start: Int) -> Bool {
        guard start + bytes.count <= arena.count else { return false }
        for index in bytes.indices where arena[start + index] != bytes[index] { return false }
        return true
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = Array(repeating: 0, count: slots.count * 2)
        for (place, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & mask
            while slots[slot] > 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(place + 1)
        }
    }
}

/// A field: the length of its text plus one, seven bits a byte and the lowest first, and the text; NULL is a zero.
///
/// Fields that are not the same are no beginnings of each other, so equal bytes are equal fields.
extension [UInt8] {
    mutating func appendNullField() { append(0) }

    mutating func appendField(_ text: Span<UInt8>) {
        var rest = text.count + 1
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
        appendBytes(text)
    }

    /// Reads a field.
    ///
    /// - Parameter place: Where the field begins; afterwards where the next one does.
    /// - Returns: Where the text is; nil for NULL.
    func field(at place: inout Int) -> Range<Int>? {
        var length = 0
        var shift = 0
        while self[place] >= 0x80 {
            length |= Int(self[place] & 0x7F) << shift
            shift += 7
            place += 1
        }
        length |= Int(self[place]) << shift
        place += 1
        guard length > 0 else { return nil }
        defer { place += length - 1 }
        return place..<place + length - 1
    }
}
