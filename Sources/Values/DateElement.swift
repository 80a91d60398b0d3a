/// One part of a date pattern.
enum DateElement: Sendable {
    /// What a part says of a moment; a pattern says each thing once.
    enum Field: String, Sendable {
        case year
        case month
        case day
        case weekday
        case hour
        case hourOfHalf = "hour from 1 to 12"
        case half = "half of the day"
        case minute
        case second
        case fraction
        case offset
    }

    enum OffsetStyle: Sendable {
        /// `+0200`, also for UTC.
        case numeric
        /// `Z`, or `+02` and the minutes where there are any.
        case hours
        /// `Z`, or `+0200` with this separator.
        case minutes(separator: String)
    }

    case literal([UInt8])
    case number(Field, digits: ClosedRange<Int>)
    /// Two digits of the year.
    case century
    case fraction(digits: Int)
    case name(Field, among: [[UInt8]])
    case offset(OffsetStyle)

    var field: Field? {
        switch self {
        case .literal: nil
        case .number(let field, _), .name(let field, _): field
        case .century: .year
        case .fraction: .fraction
        case .offset: .offset
        }
    }

    var isNumber: Bool {
        switch self {
        case .number, .century, .fraction: true
        case .literal, .name, .offset: false
        }
    }

    /// Whether it is a number with no fixed count of digits.
    var isOpenNumber: Bool {
        if case .number(_, let digits) = self { return digits.count > 1 }
        return false
    }
}

// MARK: - Reading a pattern

extension DateElement {
    static func elements(of pattern: String) throws(DateFormat.Fault) -> [DateElement] {
        var elements: [DateElement] = []
        var rest = pattern[...]
        while let first = rest.first {
            if first == "'" {
                elements.append(.literal(try quoted(&rest)))
            } else if first.isASCII, first.isLetter {
                let run = rest.prefix { $0 == first }
                rest = rest.dropFirst(run.count)
                elements.append(try element(String(run)))
            } else {
                elements.append(.literal(Array(String(first).utf8)))
                rest = rest.dropFirst()
            }
        }
        return elements
    }

    /// Takes text in quotes off the front; two quotes are one.
    private static func quoted(_ rest: inout Substring) throws(DateFormat.Fault) -> [UInt8] {
        rest = rest.dropFirst()
        if rest.first == "'" {
            rest = rest.dropFirst()
            return Array("'".utf8)
        }
        var text = ""
        while let end = rest.firstIndex(of: "'") {
            text += rest[..<end]
            rest = rest[rest.index(after: end)...]
            guard rest.first == "'" else { return Array(text.utf8) }
            text += "'"
            rest = rest.dropFirst()
        }
        throw DateFormat.Fault(message: "has a quote without an end")
    }

    private static func element(_ letters: String) throws(DateFormat.Fault) -> DateElement {
        switch letters {
        case "yyyy": .number(.year, digits: 4...4)
        case "yy": .century
        case "M": .number(.month, digits: 1...2)
        case "MM": .number(.month, digits: 2...2)
        case "MMM": .name(.month, among: months.map { Array($0.utf8.prefix(3)) })
        case "MMMM": .name(.month, among: months.map { Array($0.utf8) })
        case "d": .number(.day, digits: 1...2)
        case "dd": .number(.day, digits: 2...2)
        case "EEE": .name(.weekday, among: weekdays.map { Array($0.utf8.prefix(3)) })
        case "EEEE": .name(.weekday, among: weekdays.map { Array($0.utf8) })
        case "H": .number(.hour, digits: 1...2)
        case "HH": .number(.hour, digits: 2...2)
        case "h": .number(.hourOfHalf, digits: 1...2)
        case "hh": .number(.hourOfHalf, digits: 2...2)
        case "a": .name(.half, among: ["AM", "PM"].map { Array($0.utf8) })
        case "m": .number(.minute, digits: 1...2)
        case "mm": .number(.minute, digits: 2...2)
        case "s": .number(.second, digits: 1...2)
        case "ss": .number(.second, digits: 2...2)
        case _ where letters.first == "S" && letters.count <= 9: .fraction(digits: letters.count)
        case "Z": .offset(.numeric)
        case "X": .offset(.hours)
        case "XX": .offset(.minutes(separator: ""))
        case "XXX": .offset(.minutes(separator: ":"))
        default:
            throw DateFormat.Fault(
                message: "has the letters `\(letters)`, which stand for nothing; put words in quotes: `'\(letters)'`"
            )
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

// MARK: - Writing a moment

extension DateElement {
    func append(_ moment: CivilMoment, to bytes: inout [UInt8]) {
        switch self {
        case .literal(let literal): bytes += literal
        case .number(let field, let digits): bytes.appendNumber(moment.number(field), digits: digits.lowerBound)
        case .century: bytes.appendNumber(moment.date.year % 100, digits: 2)
        case .fraction(let digits):
            let dropped = (digits..<9).reduce(1) { scale, _ in scale * 10 }
            bytes.appendNumber(moment.nanosecond / dropped, digits: digits)
        case .name(let field, let names): bytes += names[moment.place(field)]
        case .offset(let style): append(offset: moment.offset ?? 0, style, to: &bytes)
        }
    }

    private func append(offset: Int, _ style: OffsetStyle, to bytes: inout [UInt8]) {
        switch style {
        case .numeric where offset == 0: bytes += Array("+0000".utf8)
        case .hours where offset != 0 && offset % 3_600 == 0:
            bytes.append(UInt8(ascii: offset < 0 ? "-" : "+"))
            bytes.appendNumber(abs(offset) / 3_600, digits: 2)
        case .numeric, .hours: bytes.appendOffset(offset, separator: "")
        case .minutes(let separator): bytes.appendOffset(offset, separator: separator)
        }
    }
}

extension CivilMoment {
    fileprivate func number(_ field: DateElement.Field) -> Int {
        switch field {
        case .year: date.year
        case .month: date.month
        case .day: date.day
        case .hourOfHalf: (secondOfDay / 3_600 + 11) % 12 + 1
        case .minute: secondOfDay / 60 % 60
        case .second: secondOfDay % 60
        default: secondOfDay / 3_600
        }
    }

    fileprivate func place(_ field: DateElement.Field) -> Int {
        switch field {
        case .month: date.month - 1
        case .weekday: date.weekday
        default: secondOfDay / 43_200
        }
    }
}
