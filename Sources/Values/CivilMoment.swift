/// A date, or a date and a time of day, as calendar and clock show it somewhere.
public struct CivilMoment: Sendable, Hashable {
    public let date: CivilDate
    /// From midnight; 0 where there is no time of day.
    public let secondOfDay: Int
    public let nanosecond: Int
    /// Whether a time of day was written.
    public let hasTime: Bool
    /// Seconds east of UTC, where that was written.
    public let offset: Int?

    init(date: CivilDate, secondOfDay: Int = 0, nanosecond: Int = 0, hasTime: Bool, offset: Int? = nil) {
        self.date = date
        self.secondOfDay = secondOfDay
        self.nanosecond = nanosecond
        self.hasTime = hasTime
        self.offset = offset
    }

    /// What calendar and clock show so many seconds after 1970 in UTC, where they are `offset` seconds ahead of it.
    init(secondsSince1970 seconds: Int, nanosecond: Int, offset: Int) {
        let shown = seconds + offset
        let day = (shown >= 0 ? shown : shown - (Self.secondsPerDay - 1)) / Self.secondsPerDay
        date = CivilDate(daysSince1970: day)
        secondOfDay = shown - day * Self.secondsPerDay
        self.nanosecond = nanosecond
        hasTime = true
        self.offset = offset
    }

    private static let secondsPerDay = 86_400

    /// Whether the year has four digits at most, and none of them before the first.
    public var isInRange: Bool { (1...9_999).contains(date.year) }

    private var shownSeconds: Int { date.daysSince1970 * Self.secondsPerDay + secondOfDay }

    /// The same moment with the offset that it had in a zone, unless one was written.
    public func placed(in zone: Zone) -> CivilMoment {
        guard offset == nil else { return self }
        return CivilMoment(
            date: date,
            secondOfDay: secondOfDay,
            nanosecond: nanosecond,
            hasTime: hasTime,
            offset: zone.offset(showing: shownSeconds)
        )
    }

    /// What calendar and clock of a zone show at the same moment; its offset counts as zero where none is known.
    public func moved(to zone: Zone) -> CivilMoment {
        let seconds = shownSeconds - (offset ?? 0)
        return CivilMoment(secondsSince1970: seconds, nanosecond: nanosecond, offset: zone.offset(at: seconds))
    }

    /// Appends `2026-01-31`.
    public func appendDate(to bytes: inout [UInt8]) {
        bytes.appendNumber(date.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendNumber(date.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendNumber(date.day, digits: 2)
    }

    /// Appends `2026-01-31T08:30:00.25+02:00`, with `Z` for UTC; without zeros at the fraction's end.
    public func appendTimestamp(to bytes: inout [UInt8]) {
        appendDate(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendNumber(secondOfDay / 3_600, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendNumber(secondOfDay / 60 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendNumber(secondOfDay % 60, digits: 2)
        if nanosecond > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.appendNumber(nanosecond, digits: 9)
            while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        }
        if let offset { bytes.appendOffset(offset, separator: ":") }
    }
}

extension [UInt8] {
    /// Appends a number that is not negative, with zeros before it.
    mutating func appendNumber(_ number: Int, digits: Int) {
        let start = count
        var rest = number
        while count - start < digits || rest > 0 {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        self[start...].reverse()
    }

    /// Appends `Z`, or `+02:00` with the separator; an offset from long ago loses its seconds.
    mutating func appendOffset(_ offset: Int, separator: String) {
        guard offset != 0 else { return append(UInt8(ascii: "Z")) }
        append(UInt8(ascii: offset < 0 ? "-" : "+"))
        appendNumber(abs(offset) / 3_600, digits: 2)
        append(contentsOf: separator.utf8)
        appendNumber(abs(offset) / 60 % 60, digits: 2)
    }
}
