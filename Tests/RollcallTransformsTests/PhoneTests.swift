import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct PhoneTests {
    private let columns: [Schema.Column] = [.init("id", .integer), .init("phone"), .init("mobile"), .init("country")]

    private func codes(_ settings: ConfigurationNode, _ values: [String]) throws -> [String] {
        try transformed(Phone.self, settings, [.init("a")], values.map { [$0] }).invalid.map(\.code)
    }

    @Test func numbersBecomeE164InPlace() throws {
        let values = try rewritten(
            Phone.self,
            ["column": "a", "region": "GR"],
            ["210 123 4567", "+44 20 8366 1177 x5"]
        )
        #expect(values == ["+302101234567", "+442083661177"])
    }

    @Test func nullStaysNullAndBlankBecomesIt() throws {
        let settings: ConfigurationNode = ["column": "a", "region": "GR", "type_into": "b"]
        let result = try transformed(Phone.self, settings, [.init("a")], [[nil], [""], [" \t"]])
        #expect(result.batch.rows == [[nil, nil], [nil, nil], [nil, nil]])
    }

    @Test func theRegionComesFromTheRowAndElseFromTheSetting() throws {
        let result = try transformed(
            Phone.self,
            ["column": "phone", "region_column": "country", "region": "GR"],
            columns,
            [
                ["1", "020 8366 1177", nil, "GB"], ["2", "020 8366 1177", nil, " gb "], ["3", "2101234567", nil, nil],
                ["4", "2101234567", nil, " "], ["5", "020 8366 1177", nil, "UK"], ["6", "2101234567", nil, "el"],
            ]
        )
        let (british, greek) = ("+442083661177", "+302101234567")
        #expect(result.batch.rows.map { $0[1] } == [british, british, greek, greek, british, greek])
        let greece: ConfigurationNode = ["column": "a", "region": "EL"]
        #expect(try rewritten(Phone.self, greece, ["2101234567"]) == [greek])
    }

    /// The number of somebody in London is one in Maine, too.
    @Test(arguments: ["GBR", "United Kingdom", "XX", "?"])
    func aRegionThatIsNoneIsNotTakenForTheOneOfTheSetting(_ region: String) throws {
        let settings: ConfigurationNode = ["column": "phone", "region_column": "country", "region": "US"]
        let numbers = ["207 946 0958", "+44 207 946 0958", "0044 207 946 0958", "011 44 207 946 0958", " ", "tel:x"]
        let result = try transformed(Phone.self, settings, columns, numbers.map { ["1", $0, nil, region] })
        #expect(result.batch.rows.map { $0[1] } == ["+442079460958", nil])
        #expect(result.invalid.map(\.row) == [0, 2, 3, 5])
        let unknown = "phone_unknown_region"
        #expect(result.invalid.map(\.code) == [unknown, unknown, unknown, "phone_not_a_number"])
        #expect(
            result.invalid[0].reason == """
                "phone" has no calling code of a country, and what the row has in `region_column` is no code of a region
                """
        )
    }

    @Test func withoutARegionOnlyInternationalNumbersAreRead() throws {
        let result = try transformed(
            Phone.self,
            ["column": "phone", "region_column": "country"],
            columns,
            [["1", "+30 2101234567", nil, nil], ["2", "2101234567", nil, nil], ["3", "2101234567", nil, ""]]
        )
        #expect(result.batch.rows.map { $0[1] } == ["+302101234567"])
        #expect(result.invalid.map(\.row) == [1, 2])
        #expect(result.invalid.map(\.code) == ["phone_unknown_country", "phone_unknown_country"])
    }

    @Test func refusedNumbersHaveStableCodesAndReasonsWithoutValues() throws {
        let values = ["nobody", "+999 1234567", "+30 210", "+1 650 253 00000", "+1 253 0000", "+30 9991234567"]
        let result = try transformed(Phone.self, ["column": "a", "region": "GR"], [.init("a")], values.map { [$0] })
        #expect(result.batch.rowCount == 0)
        #expect(
            result.invalid.map(\.code) == [
                "phone_not_a_number", "phone_unknown_country", "phone_too_short", "phone_too_long",
                "phone_without_area_code", "phone_invalid",
            ]
        )
        #expect(result.invalid.allSatisfy { $0.reason.hasPrefix("\"a\" ") && !$0.reason.contains(where: \.isNumber) })
    }

    /// Zeros behind the point would be digits of the number, which in Germany, Austria or Italy may be longer.
    @Test func aNumberThatATableHasMadeADecimalOneIsRefused() throws {
        let decimal = [
            "3012345678.0", " 66412345678.00 ", "3.012345678E9", "3012345678e+0", "+493012345678.0",
            "0049 3012345678.0",
            "(030)123456.0", "+49 30 123456.00 ext 5", "'3012345678.0",
        ]
        #expect(try codes(["column": "a", "region": "DE"], decimal) == decimal.map { _ in "phone_decimal" })
        let dotted = ["030.123456", "30.12.34.56.78", "030 12345.67", "030.000 123", "030.12.00", "030 12345.678 x5"]
        #expect(try !codes(["column": "a", "region": "DE"], dotted).contains("phone_decimal"))
    }

    @Test func aRefusedNumberCanBecomeNullOrStay() throws {
        let values: [String?] = ["210 1234567", "call me"]
        let asNull: ConfigurationNode = ["column": "a", "region": "GR", "on_invalid": "null"]
        #expect(try rewritten(Phone.self, asNull, values) == ["+302101234567", nil])
        let rows: [[String?]] = [["210 1234567"], ["call me"], [nil], [""], ["x"]]
        #expect(try transformed(Phone.self, asNull, [.init("a")], rows).nulled == ["a": 2])
        let kept: ConfigurationNode = ["column": "a", "region": "GR", "on_invalid": "keep"]
        #expect(try rewritten(Phone.self, kept, values) == ["+302101234567", "call me"])
    }

    @Test func possibleNumbersAreTakenWhereTheSettingSaysSo() throws {
        let values = ["999 123 4567", "999 123", "253 0000"]
        #expect(
            try codes(["column": "a", "region": "US"], values) == [
                "phone_invalid", "phone_too_short", "phone_without_area_code",
            ]
        )
        let settings: ConfigurationNode = ["column": "a", "region": "US", "accept": "possible"]
        #expect(try codes(settings, values) == ["phone_too_short", "phone_without_area_code"])
        #expect(try rewritten(Phone.self, settings, values) == ["+19991234567"])
    }

    @Test func onlyTheTypesNamedAreTaken() throws {
        let settings: ConfigurationNode = ["column": "a", "region": "GR", "types": ["mobile", "toll_free"]]
        let result = try transformed(
            Phone.self,
            settings,
            [.init("a")],
            [["6912345678"], ["2101234567"], ["8001234567"]]
        )
        #expect(result.batch.rows == [["+306912345678"], ["+308001234567"]])
        #expect(
            result.invalid == [
                RowFault(
                    row: 1,
                    code: "phone_type_not_allowed",
                    reason: "\"a\" is a number of the type `fixed_line`, which is not among `types`"
                )
            ]
        )
    }

    @Test func severalColumnsAreReadAndARowIsRefusedOnce() throws {
        let result = try transformed(
            Phone.self,
            ["columns": ["phone", "mobile"], "region": "GR"],
            columns,
            [["1", "2101234567", "6912345678", nil], ["2", "x", "y", nil], ["3", nil, "1", nil]]
        )
        #expect(result.batch.rows == [["1", "+302101234567", "+306912345678", nil]])
        #expect(result.invalid.map(\.row) == [1, 2])
        #expect(result.invalid.map { $0.reason.prefix(8) } == ["\"phone\" ", "\"mobile\""])
    }

    @Test func whatANumberTellsGoesIntoColumnsOfItsOwn() throws {
        let result = try transformed(
            Phone.self,
            [
                "column": "phone", "region": "GR", "on_invalid": "keep", "type_into": "kind", "region_into": "country",
                "extension_into": "extension",
            ],
            columns,
            [
                ["1", "6912345678", nil, "?"], ["2", "+44 20 8366 1177 ext 12", nil, "?"], ["3", "what", nil, "?"],
                ["4", "+80012345678", nil, "?"],
            ]
        )
        #expect(result.batch.schema.names == ["id", "phone", "mobile", "country", "kind", "extension"])
        #expect(
            result.batch.rows == [
                ["1", "+306912345678", nil, "GR", "mobile", nil],
                ["2", "+442083661177", nil, "GB", "fixed_line", "12"], ["3", "what", nil, nil, nil, nil],
                ["4", "+80012345678", nil, "001", "toll_free", nil],
            ]
        )
    }

    @Test func aColumnOfIntegersBecomesText() throws {
        let settings: ConfigurationNode = ["column": "a", "region": "GR"]
        let result = try transformed(Phone.self, settings, [.init("a", .integer)], [["2101234567"]])
        #expect(result.batch.schema.columns == [.init("a", .text)])
        #expect(result.batch.rows == [["+302101234567"]])
    }

    @Test func theColumnsItReadsAreNeededWhoeverLooksAtThem() throws {
        let settings: ConfigurationNode = ["column": "phone", "region_column": "country", "type_into": "kind"]
        let step = try Phone(Phone.spec.settings(from: settings))
        #expect(step.columns(of: try Schema(columns), neededFor: ["id", "kind"]) == ["id", "phone", "country"])
    }

    @Test func faultsOfTheSettingsNameTheWayOut() {
        let place = "test.yaml:1: transform phone: "
        #expect(fault(Phone.self, [:], columns) == place + "`column` or `columns` must name a column")
        #expect(
            fault(Phone.self, ["column": "phone", "columns": ["mobile"]], columns)
                == place + "`columns` does not go with `column`\n  hint: name all of them in `columns`"
        )
        #expect(
            fault(Phone.self, ["columns": ["phone", "mobile"], "type_into": "type"], columns)
                == place + """
                    `columns` has several, but `type_into`, `region_into` and `extension_into` are for one
                      hint: use a `phone` step for each column
                    """
        )
        #expect(fault(Phone.self, ["column": "phne"], columns).contains("`column` names no column: \"phne\""))
        #expect(
            fault(Phone.self, ["columns": ["phone", "phone"]], columns).contains("`columns` names \"phone\" twice")
        )
        #expect(fault(Phone.self, ["column": "phone", "region_column": "land"], columns).contains("`region_column`"))
        #expect(fault(Phone.self, ["column": "phone", "region": "Greece"], columns).contains("such as `GR` or `US`"))
        #expect(fault(Phone.self, ["column": "phone", "types": ["mobil"]], columns).contains("did you mean `mobile`?"))
        #expect(
            fault(Phone.self, ["column": "phone", "type_into": "phone"], columns)
                .contains("two columns are to be called \"phone\"")
        )
        #expect(fault(Phone.self, ["column": "phone", "region": "NO"], columns) == "")
    }

    @Test func theDescriptionNamesTheVersionOfTheNumberingPlans() {
        #expect(Phone.spec.summary.contains("libphonenumber 9."))
        #expect(Phone.spec.summary.contains("of 20"))
        #expect(Phone.spec.summary.contains("`phone_type_not_allowed`"))
    }
}
