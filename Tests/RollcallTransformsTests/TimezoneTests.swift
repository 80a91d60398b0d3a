import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallTransforms

@Suite struct TimezoneTests {
    private let columns: [Schema.Column] = [.init("country"), .init("zone")]

    private static let columnsOnly: ConfigurationNode = [
        "country_column": "country", "postal_code_column": "zip", "phone_column": "phone", "confidence_into": "sure",
    ]

    /// What is found for a country, a postal code and a phone number.
    private func found(_ rows: [[String?]], _ settings: ConfigurationNode = columnsOnly) throws -> [[String?]] {
        let columns: [Schema.Column] = [.init("country"), .init("zip"), .init("phone")]
        return try transformed(Timezone.self, settings, columns, rows).batch.rows.map { Array($0[3...]) }
    }

    @Test func aCountryHasItsZoneAndHowSureItIs() throws {
        let result = try transformed(
            Timezone.self,
            ["country_column": "country", "confidence_into": "sure"],
            columns,
            [
                ["EL", nil], ["us", nil], [" Uk ", nil], ["UA", nil], ["DE", nil], ["XX", nil], ["", nil], [nil, nil],
                ["GRC", nil],
            ]
        )
        #expect(
            result.batch.rows.map { Array($0[2...]) } == [
                ["Europe/Athens", "certain"], ["America/New_York", "guess"], ["Europe/London", "certain"],
                ["Europe/Kyiv", "guess"], ["Europe/Berlin", "certain"], [nil, nil], [nil, nil], [nil, nil],
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
                ["GR", " America/Chicago "], ["US", "CST"], ["US", "America/Nowhere"], ["US", nil], [nil, "UTC"],
                [nil, "x"], [nil, "BST"], [nil, "SystemV/EST5"], [nil, "US/Pacific-New"],
            ]
        )
        #expect(
            result.batch.rows.map { Array($0[1...]) } == [
                ["America/Chicago", "stated"], ["America/New_York", "guess"], ["America/New_York", "guess"],
                ["America/New_York", "guess"], ["UTC", "stated"], [nil, nil],
                [nil, nil], [nil, nil], [nil, nil],
            ]
        )
    }

    @Test(arguments: [
        ("US", "10001", "America/New_York", "certain"), ("us", " 60601-1234 ", "America/Chicago", "certain"),
        ("US", "85001", "America/Phoenix", "certain"), ("US", "00907", "America/Puerto_Rico", "certain"),
        ("US", "79901", "America/Denver", "certain"), ("US", "79835", "America/Denver", "guess"),
        ("US", "37402", "America/New_York", "certain"), ("US", "37419", "America/New_York", "guess"),
        ("CA", "v5k 0a1", "America/Vancouver", "certain"), ("CA", "K1A-0B1", "America/Toronto", "certain"),
        ("CA", "A1A", "America/St_Johns", "certain"), ("CA", "P9N 1A1", "America/Toronto", "guess"),
        ("AU", "6000", "Australia/Perth", "certain"), ("AU", "2880", "Australia/Broken_Hill", "certain"),
        ("AU", "0872", "Australia/Adelaide", "guess"), ("BR", "01310-100", "America/Sao_Paulo", "certain"),
        ("BR", "69005", "America/Manaus", "certain"), ("MX", "77500", "America/Cancun", "certain"),
        ("ES", "35001", "Atlantic/Canary", "certain"), ("ES", "28001", "Europe/Madrid", "certain"),
        ("FR", "97400", "Indian/Reunion", "certain"), ("FR", "75001", "Europe/Paris", "certain"),
        ("PT", "9500-123", "Atlantic/Azores", "certain"), ("PT", "1000-001", "Europe/Lisbon", "certain"),
        // What says nothing leaves the guess of the country.
        ("US", "1234", "America/New_York", "guess"), ("US", "6060A", "America/New_York", "guess"),
        ("US", "09012", "America/New_York", "guess"), ("CA", "VVV 0A1", "America/Toronto", "guess"),
        ("AU", "872", "Australia/Sydney", "guess"), ("RU", "690000", "Europe/Moscow", "guess"),
        ("DE", "10115", "Europe/Berlin", "certain"), ("", "10001", nil, nil),
    ])
    func aPostalCodeTellsTheZoneWhereAllOfItHasOne(
        _ country: String,
        _ code: String,
        _ zone: String?,
        _ confidence: String?
    ) throws {
        #expect(try found([[country, code, nil]]) == [[zone, confidence]])
    }

    @Test(arguments: [
        ("US", "+1 312 555 2368", "America/Chicago", "likely"),
        ("US", "(415) 555-2671", "America/Los_Angeles", "likely"),
        ("US", "208 555 2671", "America/Boise", "guess"), ("US", "800 555 2671", "America/New_York", "guess"),
        ("AU", "08 9222 1234", "Australia/Adelaide", "guess"),
        ("AU", "08 5111 2345", "Australia/Perth", "likely"), ("AU", "0412 345 678", "Australia/Sydney", "guess"),
        ("ES", "928 12 34 56", "Atlantic/Canary", "likely"), ("ES", "612 34 56 78", "Europe/Madrid", "guess"),
        // libphonenumber has Bucharest for Kaliningrad, which is an hour off in summer.
        ("RU", "+7 401 212 3456", "Europe/Moscow", "guess"), ("RU", "+7 383 212 3456", "Asia/Novosibirsk", "likely"),
        // It has New York beside Mexico City for a prefix of Cancún's.
        ("MX", "+52 201 234 5678", "America/Mexico_City", "guess"),
        ("MX", "+52 998 123 4567", "America/Cancun", "likely"),
        // Of another country than the row's.
        ("US", "+1 416 555 2671", "America/New_York", "guess"), ("US", "+302101234567", "America/New_York", "guess"),
        ("GR", "+1 312 555 2368", "Europe/Athens", "certain"),
        // Without a country.
        ("", "+302101234567", "Europe/Athens", "likely"), ("", "+213 21 12 34 56", "Africa/Algiers", "likely"),
        ("", "+1 312 555 2368", "America/Chicago", "likely"), ("", "+61 412 345 678", "Australia/Sydney", "guess"),
        ("", "2101234567", nil, nil), ("", "+30 1", nil, nil), ("", "+800 1234 5678", nil, nil),
        ("US", "x", "America/New_York", "guess"),
    ])
    func aPhoneNumberTellsTheZoneOfItsArea(
        _ country: String,
        _ phone: String,
        _ zone: String?,
        _ confidence: String?
    ) throws {
        #expect(try found([[country, nil, phone]]) == [[zone, confidence]])
    }

    @Test func whatIsSurestCounts() throws {
        #expect(
            try found([
                // A code of one zone, whatever the number.
                ["US", "60601", "415 555 2671"],
                // A code of several: the number says which, or is from elsewhere.
                ["US", "79835", "915 555 2671"], ["US", "79835", "432 555 2671"], ["US", "79835", "415 555 2671"],
                ["US", "79835", "208 555 2671"], ["US", nil, "415 555 2671"],
            ]) == [
                ["America/Chicago", "certain"], ["America/Denver", "likely"], ["America/Chicago", "likely"],
                ["America/Denver", "guess"], ["America/Denver", "likely"], ["America/Los_Angeles", "likely"],
            ]
        )
    }

    @Test func theCountryThatIsSetCountsForRowsThatNameNone() throws {
        let settings: ConfigurationNode = [
            "country_column": "country", "postal_code_column": "zip", "phone_column": "phone",
            "confidence_into": "sure",
            "country": "us",
        ]
        let rows = [["", "90001", nil], ["GR", nil, nil], [nil, nil, "312 555 2368"], [" ", nil, nil]]
        #expect(
            try found(rows, settings) == [
                ["America/Los_Angeles", "certain"], ["Europe/Athens", "certain"], ["America/Chicago", "likely"],
                ["America/New_York", "guess"],
            ]
        )
    }

    /// Whoever is somewhere else than most would be called at night.
    @Test func aCountryThatIsNotKnownIsNotTheOneThatIsSet() throws {
        let settings: ConfigurationNode = [
            "country_column": "country", "postal_code_column": "zip", "phone_column": "phone",
            "confidence_into": "sure",
            "country": "us",
        ]
        let rows = [["Germany", "90001", "2101234567"], ["XX", nil, nil], ["Germany", nil, "+49 30 901820"]]
        #expect(try found(rows, settings) == [[nil, nil], [nil, nil], ["Europe/Berlin", "likely"]])
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

    @Test func everyZoneOfTheTablesIsKnownHere() {
        let countries = CountryZones.table.split(separator: "\n").map { $0.split(separator: " ") }
        let codes = PostalZones.table.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0[1] != "-" }
        let zones = countries.flatMap { $0.dropFirst() } + codes.map { $0[1] }
        let names = Set(zones.flatMap { $0.split(separator: ",").map(String.init) })
        #expect(names.count > 300)
        #expect(names.filter { TimeZone(identifier: $0) == nil } == [])
        // The system's names are of its version of the database, and so are these.
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for country in countries where country.count > 2 {
            for group in country.dropFirst() {
                let offsets = group.split(separator: ",").map {
                    TimeZone(identifier: String($0))?.secondsFromGMT(for: now)
                }
                #expect(Set(offsets).count == 1, "\(group)")
            }
        }
    }

    @Test func codesOfSeveralZonesAreOfTheCountrysZones() throws {
        for line in PostalZones.table.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            let zones = fields[1].split(separator: ",").map(String.init)
            guard zones.count > 1 else { continue }
            let code = Array(fields[0].utf8)
            let known = CountryTimes.country(code.span)
            let country = try #require(known)
            // The number of a row could not choose among others.
            for zone in zones {
                #expect(country.choice(among: [zone], within: zones)?.confidence == .likely, "\(line)")
            }
        }
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Timezone.self, [:], nil).contains("none of `zone_column`, `country_column`"))
        #expect(fault(Timezone.self, ["country_column": "contry"], columns).contains("did you mean `country`?"))
        #expect(fault(Timezone.self, ["phone_column": "phone"], columns).contains("\"phone\""))
        #expect(fault(Timezone.self, ["country": "USA"], nil).contains("must be the ISO 3166 code"))
        #expect(
            fault(Timezone.self, ["zone_column": "zone", "postal_code_column": "zip"], nil).contains(
                "`postal_code_column` tells nothing without the country"
            )
        )
        #expect(
            fault(Timezone.self, ["country_column": "country", "confidence_into": "time_zone"], columns).contains(
                "two columns are called \"time_zone\""
            )
        )
    }
}
