/// How dates are written: a pattern of letters, or a well-known form by its name.
public struct DateFormat: Sendable {
    private enum Form {
        case iso8601
        case unix(perSecond: Int)
        case pattern(DatePattern)
    }

    /// Why a text is no format: the end of the sentence "it …".
    public struct Fault: Error {
        public let message: String
    }

    private let form: Form

    /// Reads `iso8601`, `unix` (seconds since 1970), `unix_ms` (milliseconds), or a pattern such as `dd/MM/yyyy HH:mm`.
    public init(_ text: String) throws(Fault) {
        switch text {
        case "iso8601": form = .iso8601
        case "unix": form = .unix(perSecond: 1)
        case "unix_ms": form = .unix(perSecond: 1_000)
        default: form = .pattern(try DatePattern(text))
        }
    }

    /// Whether a value in this form can have a time of day.
    public var hasTime: Bool {
        if case .pattern(let pattern) = form { return pattern.hasTime }
        return true
    }

    /// Nil for a value that is not written so, or is no day of the calendar.
    public func parse(_ bytes: Span<UInt8>) -> CivilMoment? {
        switch form {
        case .iso8601: ISO8601.parse(bytes)
        case .unix(let perSecond): parseCount(bytes, perSecond: perSecond)
        case .pattern(let pattern): pattern.parse(bytes)
        }
    }

    private func parseCount(_ bytes: Span<UInt8>, perSecond: Int) -> CivilMoment? {
        var reading = ByteReading()
        let isNegative = reading.take("-", bytes)
        // The last second of the year 9999 in milliseconds has 15 digits.
        guard let count = reading.number(bytes, digits: 1...15) else { return nil }
        var nanosecond = (count % perSecond) * (1_000_000_000 / perSecond)
        if perSecond == 1, reading.take(".", bytes) {
            guard let fraction = reading.fraction(bytes) else { return nil }
            nanosecond = fraction
        }
        guard reading.index == bytes.count else { return nil }
        var seconds = count / perSecond
        if isNegative {
            seconds = nanosecond > 0 ? -seconds - 1 : -seconds
            nanosecond = nanosecond > 0 ? 1_000_000_000 - nanosecond : 0
        }
        let moment = CivilMoment(secondsSince1970: seconds, nanosecond: nanosecond, offset: 0)
        return moment.isInRange ? moment : nil
    }
}

/// `2026-01-31`, `2026-01-31T08:30`, `2026-01-31 08:30:00.25+02:00`: ISO 8601 with hyphens and colons, a `T` or a blank.
private enum ISO8601 {
    static func parse(_ bytes: Span<UInt8>) -> CivilMoment? {
        var reading = ByteReading()
        guard let year = reading.number(bytes, digits: 4...4), reading.take("-", bytes),
            let month = reading.number(bytes, digits: 2...2), reading.take("-", bytes),
            let day = reading.number(bytes, digits: 2...2), year > 0,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        guard reading.index < bytes.count else { return CivilMoment(date: date, hasTime: false) }
        guard reading.take("T", bytes) || reading.take(" ", bytes),
            let hour = reading.number(bytes, digits: 2...2), reading.take(":", bytes),
            let minute = reading.number(bytes, digits: 2...2), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var nanosecond = 0
        if reading.take(":", bytes) {
            guard let written = reading.number(bytes, digits: 2...2), written < 60 else { return nil }
            second = written
            if reading.take(".", bytes) {
                guard let fraction = reading.fraction(bytes) else { return nil }
                nanosecond = fraction
            }
        }
        let offset = reading.offset(bytes)
        guard reading.index == bytes.count else { return nil }
        return CivilMoment(
            date: date,
            secondOfDay: hour * 3_600 + minute * 60 + second,
            nanosecond: nanosecond,
            hasTime: true,
            offset: offset
        )
    }
}
