public import RollcallCore
internal import RollcallValues

/// Tidies text: white space, case, invisible characters, length.
public struct Text: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[first_name, last_name]",
            doc:
                "The columns to tidy. They are text afterwards. NULL stays NULL; text that becomes empty stays empty text."
        )
        static let strip = Field<[Invisible]>(
            "strip",
            default: [],
            defaultText: "[]",
            example: "[control, zero_width]",
            doc: """
                Characters to take out. `control`: control characters, where tabs and line breaks become a blank. `zero_width`: \
                what takes no room on paper: zero-width blanks and joiners, the soft hyphen, the word joiner, direction marks, \
                the byte order mark. Joiners shape some emoji and the letters of some languages, Persian and Hindi among them.
                """
        )
        static let letterCase = Field<LetterCase?>(
            "case",
            example: "title",
            doc: """
                `upper`, `lower`, or `title`, which begins every word with a capital and goes on small: `ANNE-MARIE O'NEILL` \
                becomes `Anne-Marie O'Neill`. All letters of Unicode are known.
                """
        )
        static let collapsesBlanks = Field<Bool>(
            "collapse_blanks",
            default: false,
            doc: "Make one blank of every run of white space, tabs and line breaks included."
        )
        static let trims = Field<Bool>("trim", default: false, doc: "Take white space off both ends.")
        static let normalization = Field<Normalization?>(
            "normalize",
            example: "nfc",
            doc: """
                `nfc` writes letters with accents as one character each, as most programs do (Unicode's form NFC), so that what \
                looks the same is the same.
                """
        )
        static let maximumLength = Field<Int?>(
            "max_length",
            example: "512",
            doc: """
                The most characters a value may have, looked at last. They are counted as the sink for Genesys Cloud counts \
                its 512: most characters are one, and those beyond U+FFFF, as emoji are, two.
                """,
            check: { $0.map { (1...1_000_000).contains($0) } ?? true ? nil : "must be from 1 to 1000000" }
        )
        static let onTooLong = Field<OnTooLong>(
            "on_too_long",
            default: .reject,
            doc: """
                What becomes of a longer value: its row becomes invalid with the code `value_too_long` (`reject`), or the \
                value is cut, never within what a reader takes for one character (`cut`).
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "text",
        summary: "Tidies text: white space, case, invisible characters, length. In the order of the settings here.",
        fields: [
            Setting.columns.spec, Setting.strip.spec, Setting.letterCase.spec, Setting.collapsesBlanks.spec,
            Setting.trims.spec, Setting.normalization.spec, Setting.maximumLength.spec, Setting.onTooLong.spec,
        ],
        example: """
            - type: text
              columns: [first_name, last_name]
              strip: [control, zero_width]
              case: title
              collapse_blanks: true
              trim: true
              normalize: nfc
              max_length: 100
              on_too_long: cut
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let rules: TextRules

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        let invisible = try settings[Setting.strip]
        rules = TextRules(
            stripsControl: invisible.contains(.control),
            stripsZeroWidth: invisible.contains(.zeroWidth),
            letterCase: try settings[Setting.letterCase],
            collapsesBlanks: try settings[Setting.collapsesBlanks],
            trims: try settings[Setting.trims],
            composes: try settings[Setting.normalization] == .nfc,
            maximumLength: try settings[Setting.maximumLength],
            cuts: try settings[Setting.onTooLong] == .cut
        )
        if rules.maximumLength == nil { try settings.refuse(Setting.onTooLong, without: "max_length") }
        guard !rules.isEmpty else {
            throw RollcallError(
                .configuration,
                "nothing is to be done to the text",
                hint: "add `trim: true`, or another setting; see `rollcall describe text`",
                at: settings.location
            )
        }
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

    private func rewriter(_ input: Schema) throws -> ColumnRewriter {
        let indices = try settings.indices(of: columns, in: input, for: Setting.columns)
        return try ColumnRewriter(indices, of: input) { [rules] in rules.rewrite($0, into: &$1) }
    }

    private enum Normalization: String, ChoiceSetting {
        case nfc
    }

    private enum OnTooLong: String, ChoiceSetting {
        case reject
        case cut
    }
}

/// Characters that nobody sees.
enum Invisible: String, ChoiceSetting {
    case control
    case zeroWidth = "zero_width"
}

extension LetterCase: ChoiceSetting {}
