internal import PhoneNumbers
public import RollcallCore

/// Adds the time zone of a row, and how sure it is.
public struct Timezone: Transform {
    private enum Setting {
        static let zoneColumn = Field<Located<String>?>(
            "zone_column",
            example: "crm_time_zone",
            doc: """
                A column with the name of a zone, as the IANA database has it (`Europe/Athens`); it comes first. Abbreviations such \
                as EST are no such names.
                """
        )
        static let countryColumn = Field<Located<String>?>(
            "country_column",
            example: "country",
            doc: """
                A column with a country as its code of two letters (ISO 3166, in any case; also UK and EL). Countries are from the version \
                \(CountryZones.version) of the IANA database.
                """
        )
        static let country = Field<CountrySetting?>(
            "country",
            example: "US",
            doc:
                "The country of rows whose `country_column` is missing or blank; a value that is no such code tells no country."
        )
        static let postalCodeColumn = Field<Located<String>?>(
            "postal_code_column",
            example: "zip",
            doc: """
                A column with a postal code, for countries that have several times, or parts overseas. Known are those of \
                \(PostalCodes.countries.joined(separator: ", ")); others, and what has not the form of a code, tell nothing. Needs \
                the country.
                """
        )
        static let phoneColumn = Field<Located<String>?>(
            "phone_column",
            example: "phone",
            doc: """
                A column with a phone number, for countries that have several times, and for rows without a country. The digits of \
                fixed lines, and in North America and a few other countries those of mobiles, tell the area that they are from, by \
                libphonenumber \(PhoneMetadata.version) of \(PhoneMetadata.date). A number from another country than the row's tells \
                nothing.
                """
        )
        static let into = Field<String>(
            "into",
            default: "time_zone",
            doc: """
                The column for the zone, such as Genesys Cloud's callable times take it. A name that exists is replaced in its \
                place, another is added at the end.
                """
        )
        static let confidence = Field<String?>(
            "confidence_into",
            example: "time_zone_confidence",
            doc: """
                A column for how sure it is: `stated` (in `zone_column`), `certain` (all of the country, or all that the postal code \
                stands for, has the same time), `likely` (the phone number is from there, and people take numbers with them), \
                `guess` (one of several zones: of the postal code or the phone number, else the country's most populous one), or \
                NULL where there is no zone. What is surest counts. Call whose zone is a guess only when it is daytime in all of \
                the country.
                """
        )
        static let onUnknown = Field<OnUnknown>(
            "on_unknown",
            default: .null,
            doc: """
                What becomes of a row without a zone that is known: its zone is NULL (`null`), or the row becomes invalid \
                with the code `time_zone_unknown` (`reject`).
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "timezone",
        summary: """
            Adds the time zone of a row, and how sure it is: from a column that names it, or from the country, the postal code and \
            the phone number.
            """,
        fields: [
            Setting.zoneColumn.spec, Setting.countryColumn.spec, Setting.country.spec, Setting.postalCodeColumn.spec,
            Setting.phoneColumn.spec, Setting.into.spec, Setting.confidence.spec, Setting.onUnknown.spec,
        ],
        example: """
            - type: timezone
              country_column: country
              postal_code_column: zip
              phone_column: phone
              into: time_zone
              confidence_into: time_zone_confidence
            """
    )

    private let settings: Settings
    private let zoneColumn: Located<String>?
    private let countryColumn: Located<String>?
    private let postalCodeColumn: Located<String>?
    private let phoneColumn: Located<String>?
    private let country: CountryTimes?
    private let outputs: [Schema.Column]
    private let rejects: Bool

    public init(_ settings: Settings) throws {
        self.settings = settings
        zoneColumn = try settings[Setting.zoneColumn]
        countryColumn = try settings[Setting.countryColumn]
        postalCodeColumn = try settings[Setting.postalCodeColumn]
        phoneColumn = try settings[Setting.phoneColumn]
        country = try settings[Setting.country]?.country
        let names = [try settings[Setting.into], try settings[Setting.confidence]]
        outputs = names.compactMap(\.self).map { Schema.Column($0) }
        rejects = try settings[Setting.onUnknown] == .reject
        guard zoneColumn != nil || countryColumn != nil || country != nil || phoneColumn != nil else {
            throw RollcallError(
                .configuration,
                "none of `zone_column`, `country_column`, `country` and `phone_column` is given",
                hint: "add `country_column: country`",
                at: settings.location
            )
        }
        if postalCodeColumn != nil, countryColumn == nil, country == nil {
            let message = "tells nothing without the country"
            let problem = settings.problem(Setting.postalCodeColumn, message, hint: "add `country_column` or `country`")
            throw RollcallError(.configuration, problems: [problem])
        }
        _ = try columns(after: Schema([]))
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try step($0).output }
    }

    /// A column that is replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        let read = [zoneColumn, countryColumn, postalCodeColumn, phoneColumn].compactMap { $0?.value }
        return output.intersection(input.names).union(read)
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try step(input)
    }

    private func step(_ input: Schema) throws -> TimezoneStep {
        func index(_ column: Located<String>?, _ field: Field<Located<String>?>) throws -> Int? {
            try column.map { try settings.index(of: $0, in: input, for: field) }
        }
        return TimezoneStep(
            zone: try index(zoneColumn, Setting.zoneColumn),
            country: try index(countryColumn, Setting.countryColumn),
            postalCode: try index(postalCodeColumn, Setting.postalCodeColumn),
            phone: try index(phoneColumn, Setting.phoneColumn),
            finder: ZoneFinder(defaultCountry: country),
            columns: try columns(after: input),
            withConfidence: outputs.count > 1,
            rejects: rejects
        )
    }

    private func columns(after input: Schema) throws -> OutputColumns {
        do {
            return try OutputColumns(outputs, after: input)
        } catch let error as RollcallError {
            throw error.attributed(to: settings.component, at: settings.location(of: Setting.into))
        }
    }

    private enum OnUnknown: String, ChoiceSetting {
        case null
        case reject
    }
}
