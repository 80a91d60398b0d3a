/// ASCII digits on their way to becoming a number: prefixes are dropped from their start.
///
/// Digits beyond the 64th are forgotten: what is left of so many is too long for a number whatever they are, and no pattern
/// reaches as far.
struct DialledDigits: Sendable {
    private(set) var storage = InlineArray<64, UInt8>(repeating: 0)
    private(set) var range = 0..<0

    var count: Int { range.count }

    subscript(index: Int) -> UInt8 { storage[range.lowerBound + index] }

    mutating func append(_ digit: UInt8) {
        guard range.upperBound < storage.count else { return }
        storage[range.upperBound] = digit
        range = range.lowerBound..<range.upperBound + 1
    }

    func dropping(first length: Int) -> DialledDigits {
        var rest = self
        rest.range = range.lowerBound + length..<range.upperBound
        return rest
    }

    /// These digits behind `replacement`, of a prefix only the digits that are kept.
    func replacing(_ prefix: DialledPrefix, keeping kept: Range<Int>, with replacement: Self) -> DialledDigits {
        var digits = replacement
        for index in kept { digits.append(self[index]) }
        for index in prefix.length..<count { digits.append(self[index]) }
        return digits
    }
}
