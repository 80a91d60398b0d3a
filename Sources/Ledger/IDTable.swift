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
    }

    var count: Int { starts.count }

    /// Adds an id that is not there; its place is the next one.
    mutating func add(_ id: Span<UInt8>) {
        let place = starts.count
        starts.append(UInt32(bytes.count))
        bytes.appendBytes(id)
        slots.insert(Self.hash(id), place)
    }

    func place(of id: Span<UInt8>) -> Int? {
        slots.find(Self.hash(id)) { isAt($0, id) }
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
        return range.count == id.count && id.indices.allSatisfy { bytes[range.lowerBound + $0] == id[$0] }
    }

    private static func hash(_ id: Span<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
