import RollcallCore
import RollcallFiles
import Testing

@Suite struct TypedTextTests {
    /// What a column of the type holds; nil where the text is no value of it.
    private func read(_ text: String, as type: LogicalType) -> String? {
        let bytes = Array(text.utf8)
        return switch type.read(bytes.span) {
        case .part(let part): String(decoding: bytes[part], as: UTF8.self)
        case .written(let written): String(decoding: written, as: UTF8.self)
        case .none: nil
        }
    }

    @Test(arguments: [
        (LogicalType.integer, "0"), (.integer, "-42"), (.integer, "007"), (.integer, "123456789012345678901234567890"),
        (.decimal, "10.50"), (.decimal, "-.5"), (.decimal, "5."), (.decimal, "1e9"), (.decimal, "1.5E-3"),
        (.decimal, "NaN"),
        (.decimal, "-Infinity"), (.boolean, "true"), (.boolean, "false"), (.date, "2026-01-31"), (.date, "2024-02-29"),
        (.date, "2000-02-29"), (.timestamp, "2026-01-31T08:30:00Z"), (.timestamp, "2026-01-31T08:30:00.123456+02:00"),
        (.timestamp, "2026-01-31T23:59:59"), (.json, "{\"a\": [1, null]}"), (.json, "1"), (.text, "anything"),
        (.text, ""),
    ])
    func whatIsAsItShouldBeStays(_ type: LogicalType, _ text: String) {
        #expect(read(text, as: type) == text)
    }

    @Test(arguments: [
        (LogicalType.integer, "+7", "7"), (.integer, "-0", "0"), (.integer, "-00", "00"), (.decimal, "+0.5", "0.5"),
        (.boolean, "TRUE", "true"),
        (.boolean, "f", "false"),
        (.boolean, "Yes", "true"), (.boolean, "0", "false"), (.timestamp, "2026-01-31 08:30:00", "2026-01-31T08:30:00"),
        (.timestamp, "2026-01-31 08:30", "2026-01-31T08:30:00"),
        (.timestamp, "2026-01-31t08:30z", "2026-01-31T08:30:00Z"),
        (.timestamp, "2026-01-31T08:30:00+02", "2026-01-31T08:30:00+02:00"),
        (.timestamp, "2026-01-31T08:30:00.5-0130", "2026-01-31T08:30:00.5-01:30"),
    ])
    func whatIsWrittenOtherwiseIsWrittenAnew(_ type: LogicalType, _ text: String, _ written: String) {
        #expect(read(text, as: type) == written)
    }

    @Test(arguments: [
        (LogicalType.integer, ""), (.integer, "-"), (.integer, "1.0"), (.integer, "1 "), (.integer, "1,000"),
        (.integer, "٣"),
        (.decimal, "."), (.decimal, "1e"), (.decimal, "1.2.3"), (.decimal, "1,5"), (.decimal, "+NaN"),
        (.decimal, "0x10"),
        (.boolean, ""), (.boolean, "2"), (.boolean, "truely"), (.date, "2026-02-29"), (.date, "1900-02-29"),
        (.date, "2026-1-31"), (.date, "31.01.2026"), (.date, "2026-13-01"), (.date, "2026-01-00"),
        (.date, "0000-01-01"),
        (.date, "2026-01-31T00:00:00"), (.timestamp, "2026-01-31"), (.timestamp, "2026-01-31T24:00:00"),
        (.timestamp, "2026-01-31T08:60:00"), (.timestamp, "2026-01-31T08:30:60"), (.timestamp, "2026-01-31T08:30:00."),
        (.timestamp, "2026-01-31T08:30:00+2"), (.timestamp, "2026-01-31T08:30:00 UTC"),
        (.timestamp, "2026-02-30T08:30:00"),
        (.json, ""), (.json, "{"), (.json, "{'a': 1}"), (.json, "nul"),
    ])
    func whatIsNoValueOfTheTypeIsNone(_ type: LogicalType, _ text: String) {
        #expect(read(text, as: type) == nil)
    }

    /// Cut off or longer by a byte, a value is read without a crash.
    @Test(arguments: LogicalType.allCases)
    func everyBeginningCanBeRead(_ type: LogicalType) {
        let text = "2026-01-31T08:30:00.25+02:00"
        for length in 0...text.utf8.count {
            let beginning = String(text.prefix(length))
            #expect(type != .text || read(beginning, as: type) == beginning)
            _ = read(beginning + "x", as: type)
        }
    }
}
