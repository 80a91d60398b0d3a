internal import PhoneNumbers
public import RollcallCore

/// Reads phone numbers as people write them, checks them, and writes them as they are dialled from anywhere.
public struct Phone: Transform {
    private enum Setting {
        static let column = Field<Located<String>?>(
            "column",
            example: "phone",
            doc: """
                The column with a number in each value; it becomes +302101234567, without the extension. NULL stays NULL, and a \
                blank value becomes NULL.
                """
        )
        static let columns = Field<[Located<String>]>(
            "columns",
            default: [],
            defaultText: "[]",
            example: "[phone, mobile]",
            doc: "Several such columns, in place of `column`."
        )
        static let region = Field<RegionSetting?>(
            "region",
            example: "GR",
            doc: """
                Where numbers without a calling code are from, by the ISO 3166 code of two letters, or `UK` or `EL`. Without a region, \
                only numbers with a + can be read.
                """
        )
        static let regionColumn = Field<Located<String>?>(
            "region_column",
            example: "country",
            doc: """
                The column with the code of the region, in capital or small letters; `UK` and `EL` are Great Britain and Greece, \
                too. Where it is NULL or blank, `region` counts. With another text that is no such code, only numbers with a + can \
                be read; others have the code `phone_unknown_region`.
                """
        )
        static let accept = Field<PhoneRules.Acceptance>(
            "accept",
            default: .valid,
            doc: """
                `valid` takes numbers that the numbering plan of their region has, `possible` also others that are as long as \
                numbers of their calling code.
                """
        )
        static let types = Field<[PhoneTypeSetting]>(
            "types",
            default: [],
            defaultText: "all",
            example: "[mobile, fixed_line_or_mobile]",
            doc: """
                The only types that are taken. In North America and some other places the two of `fixed_line_or_mobile` cannot \
                be told apart; `uan` is the one number of a company, `unknown` are possible numbers that are not valid.
                """
        )
        static let typeColumn = Field<Located<String>?>(
            "type_into",
            example: "phone_type",
            doc: "A column for the type of the number, such as `mobile`; NULL where there is no number that was taken."
        )
        static let foundRegionColumn = Field<Located<String>?>(
            "region_into",
            example: "phone_region",
            doc: "A column for the region that the number is from, such as `GR`; `001` where it is from none."
        )
        static let extensionColumn = Field<Located<String>?>(
            "extension_into",
            example: "phone_extension",
            doc: "A column for the digits of the extension; NULL where there is none."
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "phone",
        summary: """
            Checks phone numbers and writes them as they are dialled from anywhere: +302101234567. Reads them as people write \
            them, with punctuation, extension, letters, digits of any script or as a `tel:` URI, by the numbering plans of \
            libphonenumber \(PhoneMetadata.version) of \(PhoneMetadata.date). Others have one of these codes: \
            \(PhoneRules.codes.map { "`\($0)`" }.joined(separator: ", ")).
            """,
        fields: [
            Setting.column.spec, Setting.columns.spec, Setting.region.spec, Setting.regionColumn.spec,
            Setting.accept.spec, Setting.types.spec, OnInvalid.field.spec, Setting.typeColumn.spec,
            Setting.foundRegionColumn.spec, Setting.extensionColumn.spec,
        ],
        example: """
            - type: phone
              column: phone
              region_column: country
              region: GR
            """
    )

    private let settings: Settings
    private let column: Located<String>?
    private let columns: [Located<String>]
    private let regionColumn: Located<String>?
    private let details: [(name: Located<String>, detail: PhoneDetail)]
    private let reader: PhoneReader
    private let onInvalid: OnInvalid

    public init(_ settings: Settings) throws {
        self.settings = settings
        column = try settings[Setting.column]
        columns = try settings[Setting.columns]
        regionColumn = try settings[Setting.regionColumn]
        let rules = PhoneRules(accept: try settings[Setting.accept], types: try settings[Setting.types].map(\.type))
        reader = PhoneReader(rules: rules, region: try settings[Setting.region]?.region)
        onInvalid = try settings[OnInvalid.field]
        let wanted: [(Located<String>?, PhoneDetail)] = [
            (try settings[Setting.typeColumn], .type), (try settings[Setting.foundRegionColumn], .region),
            (try settings[Setting.extensionColumn], .extensionDigits),
        ]
        details = wanted.compactMap { name, detail in name.map { ($0, detail) } }
        if let problem = columnsProblem ?? detailsProblem { throw RollcallError(.configuration, problems: [problem]) }
    }

    private var columnsProblem: Problem? {
        if column == nil, columns.isEmpty {
            return settings.problem(Setting.column, "or `columns` must name a column")
        }
        if column != nil, !columns.isEmpty {
            return settings.problem(Setting.columns, "does not go with `column`", hint: "name all of them in `columns`")
        }
        return nil
    }

    private var detailsProblem: Problem? {
        if columns.count > 1, !details.isEmpty {
            return settings.problem(
                Setting.columns,
                "has several, but `type_into`, `region_into` and `extension_into` are for one",
                hint: "use a `phone` step for each column"
            )
        }
        var names = Set((column.map { [$0] } ?? columns).map(\.value))
        return details.first { !names.insert($0.name.value).inserted }.map { twice in
            Problem(
                "two columns are to be called \"\(twice.name.value)\"",
                hint: "give what is found in a number a column of its own",
                of: settings.component,
                at: twice.name.location
            )
        }
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        try input.map { try step($0).output }
    }

    /// Numbers are read even if nobody looks at them, for rows are refused by them.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        let read = (column.map { [$0] } ?? columns) + (regionColumn.map { [$0] } ?? [])
        return output.intersection(input.names).union(read.map(\.value))
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        try step(input)
    }

    private func step(_ input: Schema) throws -> PhoneStep {
        try PhoneStep(
            columns: column.map { [try settings.index(of: $0, in: input, for: Setting.column)] }
                ?? settings.indices(of: columns, in: input, for: Setting.columns),
            details: details.map { ($0.name.value, $0.detail) },
            of: input,
            reader: reader,
            regionColumn: regionColumn.map { try settings.index(of: $0, in: input, for: Setting.regionColumn) },
            onInvalid: onInvalid
        )
    }
}
