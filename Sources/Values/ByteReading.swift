/// How far some bytes were read, and how to read on; what cannot be read is left unread.
struct ByteReading {
    var index = 0

    mutating func take(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func take(_ literal: [UInt8], _ bytes: Span<UInt8>) -> Bool {
        guard index + literal.count <= bytes.count else { return false }
        for place in literal.indices where bytes[index + place] != literal[place] { return false }
        index += literal.count
        return true
    }

    /// A number without a sign, of as many digits as there are within these bounds.
    mutating func number(_ bytes: Span<UInt8>, digits: ClosedRange<Int>) -> Int? {
        var number = 0
        var count = 0
        while count < digits.upperBound, index + count < bytes.count, let digit = bytes[index + count].digit {
            number = number * 10 + digit
            count += 1
        }
        guard count >= digits.lowerBound else { return nil }
        index += count
        return number
    }

    /// The digits of a fraction, as nanoseconds; what is finer is dropped.
    mutating func fraction(_ bytes: Span<UInt8>) -> Int? {
        let start = index
        guard let written = number(bytes, digits: 1...9) else { return nil }
        var nanoseconds = written
        for _ in (index - start)..<9 { nanoseconds *= 10 }
        while index < bytes.count, bytes[index].digit != nil { index += 1 }
        return nanoseconds
    }

    /// The place in `words` of the one that comes next, in any case of its letters.
    mutating func word(of words: [[UInt8]], _ bytes: Span<UInt8>) -> Int? {
        for (place, word) in words.enumerated() where index + word.count <= bytes.count {
            let isNext = word.indices.allSatisfy { bytes[index + $0] | 0x20 == word[$0] | 0x20 }
            guard isNext else { continue }
            index += word.count
            return place
        }
        return nil
    }

    /// Seconds east of UTC: `Z`, `+02:00`, `+0200` or `+02`.
    mutating func offset(_ bytes: Span<UInt8>) -> Int? {
        if take("Z", bytes) { return 0 }
        var reading = self
        let isEast = reading.take("+", bytes)
        guard isEast || reading.take("-", bytes), let hours = reading.number(bytes, digits: 2...2) else { return nil }
        var minutes = 0
        if reading.take(":", bytes) {
            guard let written = reading.number(bytes, digits: 2...2) else { return nil }
            minutes = written
        } else if let written = reading.number(bytes, digits: 2...2) {
            minutes = written
        }
        // No zone is farther from UTC (Java's limit; the farthest in use are -12:00 and +14:00).
        guard hours * 60 + minutes <= 18 * 60, minutes < 60 else { return nil }
        self = reading
        return (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}

extension UInt8 {
    fileprivate var digit: Int? { (0x30...0x39).contains(self) ? Int(self) - 0x30 : nil }
}
