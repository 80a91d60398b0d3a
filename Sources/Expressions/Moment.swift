internal import RollcallValues

/// A date or timestamp as something to compare: seconds since 1970 and the fraction, in UTC where a zone is given.
///
/// Understands ISO 8601 with `T` or a blank, fractions of any length, `Z` and offsets, with or without a time of day.
package struct Moment: Comparable, Sendable {
    private let seconds: Int
    private let fraction: Double

    package init?(_ bytes: some Sequence<UInt8>) {
        var reader = DigitReader(bytes)
        guard
            let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var time = 0
        var fraction = 0.0
        if reader.take("T") || reader.take(" ") {
            guard
                let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), hour <= 24, minute < 60
            else { return nil }
            time = hour * 3600 + minute * 60
            if reader.take(":") {
                // 60 is a leap second.
                guard let second = reader.number(2), second <= 60 else { return nil }
                time += second
                if reader.take(".") { fraction = reader.fraction() }
            }
            // 24:00 is the end of the day, and nothing comes after it.
            guard hour < 24 || (time == 86_400 && fraction == 0) else { return nil }
            guard let offset = reader.zoneOffset() else { return nil }
            time -= offset
        }
        guard reader.isAtEnd else { return nil }
        seconds = date.daysSince1970 * 86_400 + time
        self.fraction = fraction
    }

    package static func < (one: Moment, other: Moment) -> Bool {
        (one.seconds, one.fraction) < (other.seconds, other.fraction)
    }
}

private struct DigitReader {
    private var bytes: [UInt8]
    private var index = 0

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        guard index + digits <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[index..<index + digits] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        index += digits
        return number
    }

    mutating func fraction() -> Double {
        var scale = 0.1
        var fraction = 0.0
        while let digit = number(1) {
            fraction += Double(digit) * scale
            scale /= 10
        }
        return fraction
    }

    /// Seconds east of UTC; zero where none is written.
    mutating func zoneOffset() -> Int? {
        if take("Z") || isAtEnd { return 0 }
        let sign = take("+") ? 1 : -1
        if sign < 0, !take("-") { return nil }
        guard let hours = number(2), hours < 24 else { return nil }
        let minutes = take(":") || !isAtEnd ? number(2) : 0
        guard let minutes, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
