/// Up to 20 ASCII digits, held in place.
public struct PhoneDigits: Sendable, Hashable {
    private(set) var storage = InlineArray<20, UInt8>(repeating: 0)
    private var length: UInt8 = 0

    public var count: Int { Int(length) }

    public var isEmpty: Bool { length == 0 }

    mutating func append(_ digit: UInt8) {
        storage[count] = digit
        length += 1
    }

    /// Appends the digits to bytes.
    public func append(to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(storage[index]) }
    }

    public var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func == (one: PhoneDigits, other: PhoneDigits) -> Bool {
        one.length == other.length && (0..<one.count).allSatisfy { one.storage[$0] == other.storage[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        for index in 0..<count { hasher.combine(storage[index]) }
        hasher.combine(length)
    }
}
