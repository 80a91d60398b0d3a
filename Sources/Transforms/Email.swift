public import RollcallCore

/// Checks e-mail addresses and writes them in one form.
public struct Email: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[email]",
            doc: """
                The columns with an address each. White space around it is dropped and the domain is written in small letters; a \
                domain in another script is written as the DNS has it (`bücher.example` is `xn--bcher-kva.example`). NULL stays \
                NULL, and a blank value becomes NULL.
                """
        )
        static let lowercasesLocalPart = Field<Bool>(
            "lowercase_local",
            default: false,
            doc: """
                Write the part before the @ in small letters, too. Nearly all providers take both for the same; by the standard \
                they may differ.
                """
        )
        static let allowsQuotedLocalPart = Field<Bool>(
            "allow_quoted",
            default: false,
            doc:
                "Allow a quoted part before the @, such as `\"ada lovelace\"@example.com`, which few programs can send to."
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "email",
        summary: """
            Checks e-mail addresses and writes them in one form. Valid are a part of at most 64 characters before the @ \
            (letters of English, digits, !#$%&'*+-/=?^_`{|}~ and single dots within), a domain of at least two parts whose \
            last is no number, and 254 characters in all. Others have the code `email_invalid`. Whether the address exists \
            is not asked.
            """,
        fields: [
            Setting.columns.spec, Setting.lowercasesLocalPart.spec, Setting.allowsQuotedLocalPart.spec,
            OnInvalid.field.spec,
        ],
        example: """
            - type: email
              columns: [email]
              lowercase_local: true
              on_invalid: null
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let address: EmailAddress
    private let onInvalid: OnInvalid

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        address = EmailAddress(
            lowercasesLocalPart: try settings[Setting.lowercasesLocalPart],
            allowsQuotedLocalPart: try settings[Setting.allowsQuotedLocalPart]
        )
        onInvalid = try settings[OnInvalid.field]
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
        return try ColumnRewriter(indices, of: input, onInvalid: onInvalid) { [address] in
            address.rewrite($0, into: &$1)
        }
    }
}
