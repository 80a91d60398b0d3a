/// The values of one contact in the order of the list's columns, packed into one allocation: a million contacts should
/// fit into a laptop.
///
/// A value is the count of its bytes in two bytes, low one first, and its UTF-8; an absent one is a count of `0xFFFF`.
struct ContactRow: Equatable, Sendable {
    private static let absent = Int(UInt16.max)

    private let bytes: [UInt8]

    /// Packs one text per column; nil is a column that the contact does not have.
    ///
    /// A text has at most 65,534 bytes.
    init(_ texts: some Collection<ArraySlice<UInt8>?>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(0) { $0 + 2 + ($1?.count ?? 0) })
        for text in texts {
            let count = text?.count ?? Self.absent
            bytes.append(UInt8(truncatingIfNeeded: count))
            bytes.append(UInt8(truncatingIfNeeded: count >> 8))
            if let text { bytes.append(contentsOf: text) }
        }
        self.bytes = bytes
    }

    /// Calls `body` with the text of each column, in order.
    func forEachText(_ body: (ArraySlice<UInt8>?) throws -> Void) rethrows {
        var position = 0
        while position < bytes.count {
            let count = Int(bytes[position]) | Int(bytes[position + 1]) << 8
            position += 2
            if count == Self.absent {
                try body(nil)
            } else {
                try body(bytes[position..<position + count])
                position += count
            }
        }
    }

    /// The texts as strings.
    var values: [String?] {
        var values: [String?] = []
        forEachText { values.append($0.map { String(decoding: $0, as: UTF8.self) }) }
        return values
    }

    /// This row with the values of an older one where it has none.
    func filled(from older: ContactRow) -> ContactRow {
        ContactRow(zip(texts, older.texts).map { $0 ?? $1 })
    }

    private var texts: [ArraySlice<UInt8>?] {
        var texts: [ArraySlice<UInt8>?] = []
        forEachText { texts.append($0) }
        return texts
    }
}
