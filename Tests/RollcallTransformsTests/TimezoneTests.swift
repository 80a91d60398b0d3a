import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallTransforms

@Suite struct TimezoneTests {
    private let columns: [Schema.Column] = [.init("country"), .init("zone")]

    @Test func aCountryHasItsZoneAndHowSureItIs() throws {
        let result = try transformed(
            Timezone.self,
            ["country_column": "country", "confidence_into": "sure"],
            columns,
            [
                ["GR", nil], ["us", nil], [" Uk ", nil], ["UA", nil], ["DE", nil], ["XX", nil], ["", nil], [nil, nil],
                ["GRC", nil],
            ]
        )
        #expect(
            result.batch.rows.map { Array($0[2...]) } == [
                ["Europe/Athens", "certain"], ["America/New_York", "likely"], ["Europe/London", "certain"],
                ["Europe/Kyiv", "likely"], ["Europe/Berlin", "certain"], [nil, nil], [nil, nil], [nil, nil],
                [nil, nil],
            ]
        )
        #expect(result.batch.schema.names == ["country", "zone", "time_zone", "sure"])
    }

    @Test func aZoneThatIsNamedComesFirst() throws {
        let result = try transformed(
            Timezone.self,
            ["zone_column": "zone", "country_column": "country", "into": "zone", "confidence_into": "sure"],
            columns,
            [
                ["US", " America/Chicago "], ["US", "CST"], ["US", "America/Nowhere"], ["US", nil], [nil, "UTC"],
                [nil, "x"],
            ]
        )
        #expect(
            result.batch.rows.map { Array($0[1...]) } == [
                ["America/Chicago", "stated"], ["America/New_York", "likely"], ["America/New_York", "likely"],
                ["America/New_York", "likely"], ["UTC", "stated"], [nil, nil],
            ]
        )
    }

    @Test func aRowWithoutAZoneCanBeRefused() throws {
        let result = try transformed(
            Timezone.self,
            ["country_column": "country", "on_unknown": "reject"],
            columns,
            [["GR", nil], ["?", nil]]
        )
        #expect(result.batch.rows == [["GR", nil, "Europe/Athens"]])
        let reason = "the row has no known time zone"
        #expect(result.invalid == [RowFault(row: 1, code: "time_zone_unknown", reason: reason)])
    }

    @Test func everyZoneOfTheTableIsKnownHere() {
        let zones = CountryZones.table.split(separator: "\n").map { String($0.dropFirst(3)) }
        #expect(zones.count > 240)
        #expect(zones.filter { TimeZone(identifier: $0) == nil } == [])
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Timezone.self, [:], nil).contains("neither `zone_column` nor `country_column`"))
        #expect(fault(Timezone.self, ["country_column": "contry"], columns).contains("did you mean `country`?"))
        #expect(
            fault(Timezone.self, ["country_column": "country", "confidence_into": "time_zone"], columns).contains(
                "two columns are called \"time_zone\""
            )
        )
    }
}
