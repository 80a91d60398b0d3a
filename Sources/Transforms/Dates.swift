public import RollcallCore
internal import RollcallValues

/// Reads dates and times as people write them, and writes them as dates, timestamps or in a pattern.
public struct Dates: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[birthday]",
            doc: """
                The columns with a date, or a date and a time of day, in each value. White space around it is dropped. NULL stays \
                NULL, and a blank value becomes NULL.
                """
        )
        static let formats = Field<[Located<String>]>(
            "formats",
            default: [],
            defaultText: "[iso8601]",
            example: "[dd/MM/yyyy HH:mm, dd/MM/yyyy, iso8601]",
            doc: """
                How the values are written; the first form that fits a value counts, so put the one that is meant before others that \
                fit, too. `iso8601` (2026-01-31, 2026-01-31T08:30:00.25+02:00, a blank for the T, seconds and offset \
                may be missing), `unix` (seconds since 1970, with or without a fraction), `unix_ms` (milliseconds), or a pattern of \
                these letters: \(DatePattern.letters)
                """
        )
        static let zone = Field<Located<String>?>(
            "zone",
            defaultText: "UTC",
            example: "Europe/Athens",
            doc: """
                The zone that values without an offset are in, by its IANA name; abbreviations such as EST are none. A time that \
                its clocks show twice, in the hour when they are set back, counts the first time; one that they never show, when \
                they are set forward, is moved on by as much as they are.
                """
        )
        static let target = Field<Located<String>?>(
            "to",
            defaultText: "timestamp, or date where no format has a time of day",
            example: "date",
            doc: """
                How they are written: `date` (2026-01-31), `timestamp` (2026-01-31T06:30:00Z), or a pattern of the letters \
                above, which makes the columns text.
                """
        )
        static let targetZone = Field<Located<String>?>(
            "to_zone",
            example: "America/New_York",
            doc: """
                The zone whose calendar and clocks are written. Without it timestamps are written in UTC, and dates and \
                patterns show the day and time that the value has. A value without a time of day keeps its day in any zone, \
                unless a timestamp is made of it: that begins its day in `zone`.
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "date",
        summary: """
            Reads dates and times as people write them, and writes them in one form. What is no date of the calendar from \
            the year 1 to 9999 has the code `date_invalid`; where such values stay (`keep`), the columns are text.
            """,
        fields: [
            Setting.columns.spec, Setting.formats.spec, Setting.zone.spec, Setting.target.spec,
            Setting.targetZone.spec, OnInvalid.field.spec,
        ],
        example: """
            - type: date
              columns: [last_call]
              formats: [dd/MM/yyyy HH:mm, iso8601]
              zone: Europe/Athens
              to: timestamp
              on_invalid: null
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let conversion: DateConversion
    private let onInvalid: OnInvalid

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        onInvalid = try settings[OnInvalid.field]
        let written = try settings[Setting.formats]
        let formats =
            written.isEmpty
            ? [try settings.format("iso8601", of: Setting.formats)]
            : try written.map { try settings.format($0.value, of: Setting.formats, at: $0.location) }
        if !written.isEmpty, written.allSatisfy({ $0.value == "unix" }), try settings[Setting.zone] != nil {
            let hint = "leave it out; `to_zone` is the zone whose calendar and clocks are written"
            let problem = settings.problem(Setting.zone, "has no use with `unix`, which counts in UTC", hint: hint)
            throw RollcallError(.configuration, problems: [problem])
        }
        let target: DateConversion.Target =
            switch try settings[Setting.target] {
            case nil: formats.contains(where: \.hasTime) ? .timestamp : .date
            case let text? where text.value == "date": .date
            case let text? where text.value == "timestamp": .timestamp
            case let text?: .pattern(try settings.pattern(text.value, of: Setting.target))
            }
        conversion = DateConversion(
            formats: formats,
            zone: try settings.zone(Setting.zone) ?? .utc,
            target: target,
            targetZone: try settings.zone(Setting.targetZone)
        )
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try rewriter($0).output }
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(columns.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try rewriter(input)
    }

    /// Where values that are no dates stay, the columns cannot be said to have dates.
    private var type: LogicalType { onInvalid == .keep ? .text : conversion.target.type }

    private func rewriter(_ input: Schema) throws -> ColumnRewriter {
        let indices = try settings.indices(of: columns, in: input, for: Setting.columns)
        return try ColumnRewriter(indices, of: input, as: type, onInvalid: onInvalid) { [conversion] in
            conversion.rewrite($0, into: &$1)
        }
    }
}

extension Settings {
    fileprivate func format<Value>(
        _ text: String,
        of field: Field<Value>,
        at place: SourceLocation? = nil
    ) throws -> DateFormat {
        do throws(DateFormat.Fault) {
            return try DateFormat(text)
        } catch {
            throw isNoFormat(text, error, field, at: place)
        }
    }

    fileprivate func pattern<Value>(_ text: String, of field: Field<Value>) throws -> DatePattern {
        do throws(DateFormat.Fault) {
            return try DatePattern(text)
        } catch {
            throw isNoFormat(text, error, field, at: nil)
        }
    }

    private func isNoFormat<Value>(
        _ text: String,
        _ fault: DateFormat.Fault,
        _ field: Field<Value>,
        at place: SourceLocation?
    ) -> RollcallError {
        let known = ["iso8601", "unix", "unix_ms", "date", "timestamp"]
        let hint = suggestion(for: text, among: known) ?? "`rollcall describe date` lists the letters"
        let message = "has \"\(text)\", which is no pattern: it \(fault.message)"
        return RollcallError(.configuration, problems: [problem(field, message, hint: hint, at: place)])
    }

    fileprivate func zone(_ field: Field<Located<String>?>) throws -> Zone? {
        guard let name = try self[field] else { return nil }
        guard let zone = Zone(name.value) else {
            let message = "is no time zone of the IANA database: \"\(name.value)\""
            let hint = "write it as region/city, such as `Europe/Athens`, or `UTC`"
            throw RollcallError(.configuration, problems: [problem(field, message, hint: hint)])
        }
        return zone
    }
}
