internal import RollcallCore

/// The settings of a source in a list that are not its own.
enum SourceListSettings {
    static let name = Field<String?>(
        "name",
        example: "crm",
        doc: """
            What the checkpoint, messages and `source_column` call the source. By default its type, with a number where several \
            have it; with `source_column` it must be given, for it is a part of each row's key.
            """,
        check: { $0.flatMap(PlainName.fault) }
    )

    static let fields = [name.spec]
}
