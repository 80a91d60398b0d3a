public import RollcallCore
internal import RollcallValues

/// Adds the time zone of a row, and how sure it is.
public struct Timezone: Transform {
    private enum Setting {
        static let zoneColumn = Field<Located<String>?>(
            "zone_column",
            example: "crm_time_zone",
            doc: """
                A column with the name of a zone, as the IANA database has it (`Europe/Athens`); it comes first. Abbreviations such \
                as EST are no such names. Either this or `country_column` or both.
                """
        )
        static let countryColumn = Field<Located<String>?>(
            "country_column",
            example: "country",
            doc: """
                A column with a country as its code of two letters (ISO 3166, in any case; also UK). Countries are from the version \
                \(CountryZones.version) of the IANA database; those with zones of different times count as their most populous zone.
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
                A column for how sure it is: `stated` (in `zone_column`), `certain` (all of the country has the same time), \
                `likely` (the country's most populous zone), or NULL where there is no zone.
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
        summary: "Adds the time zone of a row, from a column that names it or from the country, and how sure it is.",
        fields: [
            Setting.zoneColumn.spec, Setting.countryColumn.spec, Setting.into.spec, Setting.confidence.spec,
            Setting.onUnknown.spec,
        ],
        example: """
            - type: timezone
              country_column: country
              into: time_zone
              confidence_into: time_zone_confidence
            """
    )

    private let settings: Settings
    private let zoneColumn: Located<String>?
    private let countryColumn: Located<String>?
    private let outputs: [Schema.Column]
    private let rejects: Bool

    public init(_ settings: Settings) throws {
        self.settings = settings
        zoneColumn = try settings[Setting.zoneColumn]
        countryColumn = try settings[Setting.countryColumn]
        let names = [try settings[Setting.into], try settings[Setting.confidence]]
        outputs = names.compactMap(\.self).map { Schema.Column($0) }
        rejects = try settings[Setting.onUnknown] == .reject
        guard zoneColumn != nil || countryColumn != nil else {
            throw RollcallError(
                .configuration,
                "neither `zone_column` nor `country_column` is given",
                hint: "add `country_column: country`",
                at: settings.location
            )
        }
        _ = try columns(after: Schema([]))
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try step($0).columns.schema }
    }

    /// A column that is replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.intersection(input.names).union([zoneColumn, countryColumn].compactMap { $0?.value })
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try step(input)
    }

    private func step(_ input: Schema) throws -> Step {
        Step(
            zone: try zoneColumn.map { try settings.index(of: $0, in: input, for: Setting.zoneColumn) },
            country: try countryColumn.map { try settings.index(of: $0, in: input, for: Setting.countryColumn) },
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

    private final class Step: TransformStep {
        let columns: OutputColumns
        private let zone: Int?
        private let country: Int?
        private let hasConfidence: Bool
        private let rejects: Bool
        private var finder = ZoneFinder()

        init(zone: Int?, country: Int?, columns: OutputColumns, withConfidence: Bool, rejects: Bool) {
            self.zone = zone
            self.country = country
            self.columns = columns
            hasConfidence = withConfidence
            self.rejects = rejects
        }

        func apply(_ batch: Batch) -> Transformed {
            var refusals = Refusals()
            var zones = ColumnBuilder(rowCount: batch.rowCount)
            var confidences = ColumnBuilder(rowCount: batch.rowCount)
            batch.withPinnedColumns { pinned in
                for row in 0..<batch.rowCount {
                    let found =
                        zone.flatMap { pinned[$0].withBytes(of: row) { finder.stated($0) } }
                        ?? country.flatMap { pinned[$0].withBytes(of: row) { finder.zone(ofCountry: $0) } }
                    zones.append(found?.name)
                    confidences.append(found?.confidence)
                    guard found == nil, rejects else { continue }
                    refusals.refuse(row, Refusal(code: "time_zone_unknown", reason: "the row has no known time zone"))
                }
            }
            let values = [zones.finish()] + (hasConfidence ? [confidences.finish()] : [])
            return refusals.applied(to: columns.placing(values, in: batch))
        }
    }
}

/// Finds zones by what columns say.
struct ZoneFinder {
    struct Found {
        let name: [UInt8]
        let confidence: [UInt8]
    }

    /// Whether a text is the name of a zone; a column has few different ones.
    private var known: [String: Bool] = [:]
    private static let mostKnown = 4_096

    /// The zone that is written in a value; nil where it is none.
    mutating func stated(_ value: Span<UInt8>) -> Found? {
        let trimmed = value.trimmedRange
        guard !trimmed.isEmpty else { return nil }
        let name = value.extracting(trimmed).text
        let isZone: Bool
        if let answer = known[name] {
            isZone = answer
        } else {
            if known.count == Self.mostKnown { known = [:] }
            isZone = (name.contains("/") || name == "UTC") && Zone(name) != nil
            known[name] = isZone
        }
        return isZone ? Found(name: Array(name.utf8), confidence: Self.isStated) : nil
    }

    private static let isStated = Array("stated".utf8)

    func zone(ofCountry value: Span<UInt8>) -> Found? {
        let trimmed = value.trimmedRange
        guard trimmed.count == 2 else { return nil }
        let code = [value[trimmed.lowerBound].uppercasedASCII, value[trimmed.lowerBound + 1].uppercasedASCII]
        return Self.countries[code.span]
    }

    private static let countries: ByteTable<Found> = {
        let entries = CountryZones.table.split(separator: "\n").map { line in
            let isCertain = line.dropFirst(2).first == "="
            let confidence = isCertain ? "certain" : "likely"
            return (
                key: String(line.prefix(2)),
                value: Found(name: Array(line.dropFirst(3).utf8), confidence: Array(confidence.utf8))
            )
        }
        // As the United Kingdom is often called, though not by ISO 3166.
        return ByteTable(entries + entries.filter { $0.key == "GB" }.map { (key: "UK", value: $0.value) })
    }()
}

extension UInt8 {
    fileprivate var uppercasedASCII: UInt8 { (0x61...0x7A).contains(self) ? self ^ 0x20 : self }
}
