import RollcallValues
import Testing

@Suite struct DateFormatTests {
    /// What a format reads, as a date, or as a timestamp with the offset that was written.
    private func read(_ format: String, _ text: String) throws -> String? {
        let bytes = Array(text.utf8)
        guard let moment = try DateFormat(format).parse(bytes.span) else { return nil }
        var output: [UInt8] = []
        if moment.hasTime {
            moment.appendTimestamp(to: &output)
        } else {
            moment.appendDate(to: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("iso8601", "2026-01-31", "2026-01-31"), ("iso8601", "2026-01-31T08:30", "2026-01-31T08:30:00"),
        ("iso8601", "2026-01-31 08:30:01.2500Z", "2026-01-31T08:30:01.25Z"),
        ("iso8601", "2026-01-31T08:30:01.1234567899+02:00", "2026-01-31T08:30:01.123456789+02:00"),
        ("iso8601", "2026-01-31T08:30-0530", "2026-01-31T08:30:00-05:30"), ("iso8601", "0001-01-01", "0001-01-01"),
        ("iso8601", "2026-01-31T08:30+02", "2026-01-31T08:30:00+02:00"),
        ("unix", "0", "1970-01-01T00:00:00Z"), ("unix", "1769848200.5", "2026-01-31T08:30:00.5Z"),
        ("unix", "-0.25", "1969-12-31T23:59:59.75Z"), ("unix", "-86401", "1969-12-30T23:59:59Z"),
        ("unix", "253402300799", "9999-12-31T23:59:59Z"), ("unix_ms", "1769848200123", "2026-01-31T08:30:00.123Z"),
        ("unix_ms", "-1", "1969-12-31T23:59:59.999Z"), ("unix_ms", "253402300799999", "9999-12-31T23:59:59.999Z"),
        ("dd/MM/yyyy", "31/01/2026", "2026-01-31"), ("d.M.yyyy", "1.2.2026", "2026-02-01"),
        ("d.M.yyyy", "01.02.2026", "2026-02-01"), ("yyyyMMdd", "20260131", "2026-01-31"),
        ("dd-MM-yy", "31-01-68", "2068-01-31"), ("dd-MM-yy", "31-01-69", "1969-01-31"),
        ("MMM d, yyyy h:mm a", "jan 3, 2026 12:05 am", "2026-01-03T00:05:00"),
        ("MMM d, yyyy h:mm a", "JAN 3, 2026 12:05 PM", "2026-01-03T12:05:00"),
        ("MMMM d yyyy hh a", "September 3 2026 11 PM", "2026-09-03T23:00:00"),
        ("EEE, dd MMM yyyy HH:mm:ss Z", "Sat, 31 Jan 2026 08:30:00 +0200", "2026-01-31T08:30:00+02:00"),
        ("EEEE dd.MM.yyyy", "saturday 31.01.2026", "2026-01-31"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-01-31T08:30:00.250Z", "2026-01-31T08:30:00.25Z"),
        ("d 'o''clock' M yyyy H", "3 o'clock 2 2026 7", "2026-02-03T07:00:00"),
        ("yyyy年MM月dd日", "2026年01月31日", "2026-01-31"),
        ("''yyyy-MM-dd", "'2026-01-31", "2026-01-31"),
    ])
    func aFormatReadsItsValues(_ format: String, _ text: String, _ expected: String) throws {
        #expect(try read(format, text) == expected)
    }

    @Test(arguments: [
        ("iso8601", "2026-02-29"), ("iso8601", "2026-1-31"), ("iso8601", "26-01-31"), ("iso8601", "2026-01-31T"),
        ("iso8601", "2026-01-31T24:00"), ("iso8601", "2026-01-31T08:60"), ("iso8601", "2026-01-31T08:30:60"),
        ("iso8601", "2026-01-31T08:30:00."), ("iso8601", "2026-01-31T08:30+19:00"), ("iso8601", "0000-01-01"),
        ("iso8601", "2026-01-31T08:30Zx"), ("iso8601", "2026-01-31T08:30+2"), ("iso8601", "２０２６-01-31"),
        ("unix", ""), ("unix", "-"), ("unix", "1e9"), ("unix", "253402300800"), ("unix", "-62135596801"),
        ("unix_ms", "1.5"), ("unix", "1."), ("unix_ms", "9999999999999999"), ("dd/MM/yyyy", "1/01/2026"),
        ("dd/MM/yyyy", "31/01/2026 "), ("dd/MM/yyyy", "31-01-2026"), ("d/M/yyyy", "031/1/2026"),
        ("EEE dd.MM.yyyy", "Sun 31.01.2026"), ("h a d.M.yyyy", "0 AM 1.1.2026"), ("h a d.M.yyyy", "13 PM 1.1.2026"),
        ("H d.M.yyyy", "24 1.1.2026"), ("yyyy-MM-dd'T'HH", "2026-01-31 08"), ("yyyy-MM-dd", ""),
        ("yyyy-MM-dd HH X", "2026-01-31 08 EET"), ("d MMM yyyy", "1 Foo 2026"),
    ])
    func whatIsWrittenOtherwiseIsNoDate(_ format: String, _ text: String) throws {
        #expect(try read(format, text) == nil, "\(format): \(text)")
    }

    @Test(arguments: [
        ("dd/MM", "lacks the year"), ("HH:mm", "lacks the year"), ("yyyy", "lacks the month"),
        ("yyyy-MM", "lacks the day"),
        ("yyyy-MM-dd mm", "lacks the hour"), ("yyyy-MM-dd X", "lacks the hour"),
        ("yyyy-MM-dd hh", "`h` and `a` together"),
        ("yyyy-MM-dd HH a", "`h` and `a` together"), ("yyyy-MM-dd'T", "has a quote without an end"),
        ("YYYY-MM-dd", "has the letters `YYYY`"), ("yyyy-MM-DD", "has the letters `DD`"),
        ("iso", "has the letters `i`"),
        ("yyyy-MM-dd yy", "has the year twice"), ("dMyyyy", "right before another"),
        ("yyyy-MM-dd H h a", "`H` and `a`"),
        ("yyyy-MM-dd SSSSSSSSSS", "has the letters `SSSSSSSSSS`"),
    ])
    func aPatternThatCannotBeIsRefused(_ pattern: String, _ message: String) {
        do throws(DateFormat.Fault) {
            _ = try DateFormat(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.message.contains(message), "\(pattern): \(error.message)")
        }
    }

    @Test(arguments: [
        ("dd/MM/yy", "05/02/26"), ("d.M.yyyy H:m:s", "5.2.2026 3:4:5"),
        ("EEE d MMM yyyy h:mm a", "Thu 5 Feb 2026 3:04 AM"),
        ("EEEE, MMMM dd, yyyy hh a", "Thursday, February 05, 2026 03 AM"),
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-02-05 03:04:05.067"),
        ("yyyyMMdd'T'HHmmssXX", "20260205T030405-0330"), ("yyyy-MM-dd HH X", "2026-02-05 03 -0330"),
        ("yyyy-MM-dd HH XXX", "2026-02-05 03 -03:30"), ("yyyy-MM-dd HH Z", "2026-02-05 03 -0330"),
    ])
    func aPatternWritesWhatItReads(_ pattern: String, _ expected: String) throws {
        let bytes = Array("2026-02-05T03:04:05.0678-03:30".utf8)
        let moment = try #require(try DateFormat("iso8601").parse(bytes.span))
        var output: [UInt8] = []
        try DatePattern(pattern).append(moment, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test(arguments: [("X", "Z"), ("XX", "Z"), ("XXX", "Z"), ("Z", "+0000")])
    func utcIsWrittenAsItsLettersSay(_ letters: String, _ expected: String) throws {
        let bytes = Array("2026-02-05T12:00Z".utf8)
        let moment = try #require(try DateFormat("iso8601").parse(bytes.span))
        var output: [UInt8] = []
        try DatePattern("yyyy-MM-dd h a \(letters)").append(moment, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "2026-02-05 12 PM \(expected)")
    }
}
