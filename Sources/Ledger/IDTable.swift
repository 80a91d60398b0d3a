internal import RollcallCore

/// Ids of contacts, each at a place that stays: one arena of bytes, no object for an id.
struct IDTable: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [UInt32] = []
    private var slots: SlotTable

    /// - Parameter capacity: About as many ids, to begin with.
    init(capacity: Int) {
        slots = SlotTable(capacity: capacity)
        starts.reserveCapacity(capacity)
        // Of what is reserved, only what is used takes memory.
        bytes.reserveCapacity(capacity * 16)
    }

    var count: Int { starts.count }

    /// Adds an id that is not there; its place is the next one.
    mutating func add(_ id: Span<UInt8>, hash: Int) {
        let place = starts.count
        starts.append(UInt32(bytes.count))
        bytes.appendBytes(id)
        slots.insert(hash, place)
    }

    func place(of id: Span<UInt8>, hash: Int) -> Int? {
        slots.find(hash) { isAt($0, id) }
    }

    func prefetch(_ hashes: [Int]) {
        for hash in hashes { slots.prefetch(hash) }
    }

    func text(_ place: Int) -> String { String(decoding: bytes[range(place)], as: UTF8.self) }

    func withBytes<Result>(of place: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try body(bytes.span.extracting(range(place)))
    }

    private func range(_ place: Int) -> Range<Int> {
        let end = place + 1 < starts.count ? Int(starts[place + 1]) : bytes.count
        return Int(starts[place])..<end
    }

    private func isAt(_ place: Int, _ id: Span<UInt8>) -> Bool {
        let range = range(place)
        guard range.count == id.count else { return false }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe id.withUnsafeBufferPointer { unsafe $0.elementsEqual(UnsafeBufferPointer(rebasing: bytes[range])) }
        }
    }

    static func hash(_ id: Span<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
