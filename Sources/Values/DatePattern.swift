/// A pattern of letters in the manner of Unicode's date patterns (UTS 35), such as `dd/MM/yyyy HH:mm`.
public struct DatePattern: Sendable {
    private let elements: [DateElement]

    /// What stands in documentation about the letters.
    public static let letters = """
        `yyyy`, `yy` (69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068), `M` or `MM`, `MMM` (Jan), `MMMM` (January), `d` or \
        `dd`, `EEE` (Mon), `EEEE` (Monday), `H` or `HH`, `h` or `hh` with `a` (AM, PM), `m` or `mm`, `s` or `ss`, `S` for each \
        digit of the fraction, `Z`, `X`, `XX`, `XXX` (an offset: Z, +02, +0200, +02:00). One letter reads one or two digits, two \
        letters read two. Names are English, in any case. Other characters stand for themselves, letters in quotes: `'T'`, and `''` \
        is a quote.
        """

    /// - Throws: what is wrong with it.
    public init(_ text: String) throws(DateFormat.Fault) {
        elements = try DateElement.elements(of: text)
        let fields = elements.compactMap(\.field)
        for (place, field) in fields.enumerated() where fields[..<place].contains(field) {
            throw DateFormat.Fault(message: "has the \(field.rawValue) twice")
        }
        for needed in [DateElement.Field.year, .month, .day] where !fields.contains(needed) {
            throw DateFormat.Fault(message: "lacks the \(needed.rawValue)")
        }
        guard fields.contains(.hourOfHalf) == fields.contains(.half) else {
            throw DateFormat.Fault(message: "must have `h` and `a` together; `H` is the hour from 0 to 23")
        }
        guard !(fields.contains(.hour) && fields.contains(.half)) else {
            throw DateFormat.Fault(message: "has `H` and `a`; the hour from 1 to 12 is `h`")
        }
        let needsHour = fields.contains { [.minute, .second, .fraction, .offset].contains($0) }
        guard !needsHour || fields.contains(.hour) || fields.contains(.hourOfHalf) else {
            throw DateFormat.Fault(message: "lacks the hour")
        }
        for (element, next) in zip(elements, elements.dropFirst()) where element.isOpenNumber && next.isNumber {
            throw DateFormat.Fault(message: "has a number of one or two digits right before another; write two letters")
        }
    }

    /// Whether there is a time of day in it.
    public var hasTime: Bool { elements.contains { [.hour, .hourOfHalf].contains($0.field) } }

    func parse(_ bytes: Span<UInt8>) -> CivilMoment? {
        var reading = ByteReading()
        var parts = Parts()
        for element in elements {
            guard parts.take(element, &reading, bytes) else { return nil }
        }
        guard reading.index == bytes.count else { return nil }
        return parts.moment(hasTime: hasTime)
    }

    /// Appends a moment in this form; where no offset is known it counts as UTC.
    public func append(_ moment: CivilMoment, to bytes: inout [UInt8]) {
        for element in elements { element.append(moment, to: &bytes) }
    }
}

/// What was read of a value so far.
private struct Parts {
    private var year = 0
    private var month = 0
    private var day = 0
    private var hour = 0
    private var half: Int?
    private var minute = 0
    private var second = 0
    private var nanosecond = 0
    private var offset: Int?
    private var weekday: Int?

    mutating func take(_ element: DateElement, _ reading: inout ByteReading, _ bytes: Span<UInt8>) -> Bool {
        switch element {
        case .literal(let literal): return reading.take(literal, bytes)
        case .number(let field, let digits):
            guard let number = reading.number(bytes, digits: digits) else { return false }
            return set(field, number)
        case .century:
            guard let number = reading.number(bytes, digits: 2...2) else { return false }
            year = number < 69 ? 2000 + number : 1900 + number
        case .fraction(let digits):
            guard let number = reading.number(bytes, digits: digits...digits) else { return false }
            nanosecond = (digits..<9).reduce(number) { value, _ in value * 10 }
        case .name(let field, let names):
            guard let place = reading.word(of: names, bytes) else { return false }
            switch field {
            case .month: month = place + 1
            case .weekday: weekday = place
            default: half = place
            }
        case .offset:
            guard let written = reading.offset(bytes) else { return false }
            offset = written
        }
        return true
    }

    private mutating func set(_ field: DateElement.Field, _ number: Int) -> Bool {
        switch field {
        case .year: year = number
        case .month: month = number
        case .day: day = number
        case .minute: minute = number
        case .second: second = number
        case .hourOfHalf:
            hour = number
            return (1...12).contains(number)
        default: hour = number
        }
        return true
    }

    func moment(hasTime: Bool) -> CivilMoment? {
        guard year > 0, let date = CivilDate(year: year, month: month, day: day) else { return nil }
        let hour = half.map { self.hour % 12 + $0 * 12 } ?? self.hour
        guard hour < 24, minute < 60, second < 60, weekday == nil || weekday == date.weekday else { return nil }
        return CivilMoment(
            date: date,
            secondOfDay: hour * 3_600 + minute * 60 + second,
            nanosecond: nanosecond,
            hasTime: hasTime,
            offset: offset
        )
    }
}
