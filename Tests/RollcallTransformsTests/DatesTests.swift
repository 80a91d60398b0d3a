import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct DatesTests {
    private func converted(_ settings: [(String, ConfigurationNode)], _ values: [String?]) throws -> [String?] {
        let place = SourceLocation(file: "test.yaml", line: 1)
        let entries = ([("columns", ["a"])] + settings).map {
            ConfigurationNode.Entry(key: $0.0, location: place, value: $0.1)
        }
        return try rewritten(Dates.self, .mapping(entries, place), values)
    }

    @Test func timestampsAreWrittenInUTC() throws {
        #expect(
            try converted(
                [("formats", ["dd/MM/yyyy HH:mm", "iso8601"]), ("zone", "Europe/Athens")],
                ["31/01/2026 08:30", " 2026-07-31T08:30:00.5 ", "2026-07-31T08:30+05:30", "2026-07-31", nil, " "]
            ) == [
                "2026-01-31T06:30:00Z", "2026-07-31T05:30:00.5Z", "2026-07-31T03:00:00Z", "2026-07-30T21:00:00Z", nil,
                nil,
            ]
        )
    }

    @Test func withoutAZoneTimesCountAsUTC() throws {
        #expect(try converted([], ["2026-07-31T08:30"]) == ["2026-07-31T08:30:00Z"])
    }

    @Test func timestampsCanBeWrittenInAZone() throws {
        #expect(
            try converted([("to_zone", "America/New_York")], ["2026-07-31T02:30Z", "2026-01-31T02:30Z"])
                == ["2026-07-30T22:30:00-04:00", "2026-01-30T21:30:00-05:00"]
        )
    }

    @Test func aDateWithoutATimeOfDayKeepsItsDayInAnyZone() throws {
        let settings: [(String, ConfigurationNode)] = [("zone", "Asia/Tokyo"), ("to_zone", "America/New_York")]
        #expect(try converted(settings + [("to", "date")], ["2026-02-01"]) == ["2026-02-01"])
        #expect(try converted(settings + [("to", "d.M.yyyy")], ["2026-02-01"]) == ["1.2.2026"])
        #expect(try converted(settings, ["2026-02-01"]) == ["2026-01-31T10:00:00-05:00"])
    }

    @Test func aDateIsTheDayAsWrittenUnlessAZoneIsNamed() throws {
        #expect(try converted([("to", "date")], ["2026-03-01T23:30-05:00"]) == ["2026-03-01"])
        #expect(
            try converted([("to", "date"), ("to_zone", "Europe/Athens")], ["2026-03-01T23:30-05:00"]) == ["2026-03-02"]
        )
    }

    @Test func withoutATimeOfDayInAnyFormatTheColumnBecomesADate() throws {
        let date = try transformed(
            Dates.self,
            ["columns": ["a"], "formats": ["dd.MM.yyyy", "MM/dd/yyyy"]],
            [.init("a"), .init("b")],
            [["31.01.2026", "x"], ["12/31/2026", "x"]]
        ).batch
        #expect(date.rows == [["2026-01-31", "x"], ["2026-12-31", "x"]])
        #expect(date.schema.columns == [.init("a", .date), .init("b")])
        let timestamp = try transformed(Dates.self, ["columns": ["a"]], [.init("a")], [["2026-01-31"]]).batch
        #expect(timestamp.schema.columns == [.init("a", .timestamp)])
        let kept = try transformed(Dates.self, ["columns": ["a"], "on_invalid": "keep"], [.init("a")], [["soon"]]).batch
        #expect(kept.schema.columns == [.init("a", .text)])
    }

    @Test func theFirstFormatThatFitsCounts() throws {
        #expect(
            try converted(
                [("formats", ["dd/MM/yyyy", "MM/dd/yyyy"]), ("to", "date")],
                ["03/04/2026", "12/31/2026", "31/12/2026"]
            ) == ["2026-04-03", "2026-12-31", "2026-12-31"]
        )
    }

    /// As Python's zoneinfo has it with `fold=0`.
    @Test(arguments: [
        ("Europe/Athens", "2026-03-29T02:59:59", "2026-03-29T00:59:59Z"),
        ("Europe/Athens", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("Europe/Athens", "2026-03-29T03:30:00", "2026-03-29T01:30:00Z"),
        ("Europe/Athens", "2026-03-29T04:00:00", "2026-03-29T01:00:00Z"),
        ("Europe/Athens", "2026-10-25T03:30:00", "2026-10-25T00:30:00Z"),
        ("Europe/Athens", "2026-10-25T04:00:00", "2026-10-25T02:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00Z"),
        ("America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T03:30:00Z"),
    ])
    func clocksThatAreSetForwardOrBackAreReadAsDocumented(_ zone: String, _ shown: String, _ utc: String) throws {
        #expect(try converted([("zone", .scalar(zone, isQuoted: false, .init(file: "t", line: 1)))], [shown]) == [utc])
    }

    @Test func whatIsNoDateIsRefusedOrBecomesNullOrStays() throws {
        let result = try transformed(Dates.self, ["columns": ["a"]], [.init("a")], [["31.1.2026"], ["2026-01-31"]])
        #expect(result.batch.rowCount == 1)
        let reason = "\"a\" is no date in any of the formats"
        #expect(result.invalid == [RowFault(row: 0, code: "date_invalid", reason: reason)])
        #expect(try converted([("on_invalid", "null")], ["soon"]) == [nil])
        #expect(try converted([("on_invalid", "keep")], ["soon "]) == ["soon "])
        #expect(try converted([("on_invalid", "null")], ["0001-01-01T00:00+01:00"]) == [nil])
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(
            fault(Dates.self, ["columns": ["a"], "formats": ["YYYY-MM-dd"]], nil).contains(
                "`formats` has \"YYYY-MM-dd\", which is no pattern: it has the letters `YYYY`"
            )
        )
        #expect(fault(Dates.self, ["columns": ["a"], "formats": ["iso8061"]], nil).contains("did you mean `iso8601`?"))
        #expect(fault(Dates.self, ["columns": ["a"], "to": "dat"], nil).contains("did you mean `date`?"))
        #expect(fault(Dates.self, ["columns": ["a"], "zone": "Europe/Athen"], nil).contains("is no time zone"))
        #expect(fault(Dates.self, ["columns": ["a"], "zone": "BST"], nil).contains("write it as region/city"))
        let seconds: ConfigurationNode = ["columns": ["a"], "formats": ["unix"], "zone": "Europe/Athens", "to": "date"]
        #expect(fault(Dates.self, seconds, nil).contains("`zone` has no use with `unix`"))
        #expect(fault(Dates.self, ["columns": ["a"], "to_zone": "GMT+3"], nil).contains("write it as region/city"))
        #expect(fault(Dates.self, ["columns": ["b"]], [.init("bb")]).contains("did you mean `bb`?"))
    }
}
