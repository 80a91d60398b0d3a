public import RollcallCore

/// A pipeline file that was read and found good.
public struct Pipeline: Sendable {
    enum Setting {
        static let name = Field<String>(
            "name",
            example: "crm-leads",
            doc: "What commands, logs and the checkpoint call the pipeline. Keep it: a new name begins anew.",
            check: PlainName.fault
        )
        static let description = Field<String?>(
            "description",
            example: "Consenting leads from the CRM.",
            doc: "What the pipeline is for, in a sentence."
        )
        static let schedule = Field<ConfigurationNode?>(
            "schedule",
            form: .group(Schedule.fields),
            example: "{ cron: \"*/15 8-20 * * 1-5\", timezone: Europe/Athens }",
            doc: "When the pipeline is meant to run. `rollcall run` runs at once; cron or a systemd timer calls it."
        )
        static let source = Field<ConfigurationNode?>(
            "source",
            form: .component(.source),
            example: "{ type: postgres, … }",
            doc: "Where the rows come from. Either this or `sources`."
        )
        static let sources = Field<[ConfigurationNode]?>(
            "sources",
            form: .list(of: .component(.source, besides: SourceListSettings.fields)),
            example: "[{ name: crm, type: postgres, … }, { name: shop, type: csv, … }]",
            doc: """
                Several sources that are read one after the other, in this order, and go through the same steps. They have the same \
                `key`, and the same columns as far as the steps look at them. Where two have a row with one key, they are the same \
                contact, and the row that is read last counts, or which a `dedupe` step by the key says; therefore every run reads all \
                of them, twice. `source_column` makes them two; with it each goes on from a position of its own.
                """
        )
        static let sourceColumn = Field<String?>(
            "source_column",
            example: "origin",
            doc: """
                With `sources`: a column with the name of the source that a row is from. It is the first part of the row's key, so \
                that rows of two sources may have the same; build the key of the sink from it, too.
                """
        )
        static let transforms = Field<[ConfigurationNode]>(
            "transforms",
            form: .list(of: .component(.transform)),
            default: [],
            defaultText: "[]",
            doc: "Steps that every row goes through, in this order."
        )
        static let sink = Field<ConfigurationNode>(
            "sink",
            form: .component(.sink),
            example: "{ type: genesys_contact_list, … }",
            doc: "Where the rows go."
        )
        static let sweep = Field<ConfigurationNode?>(
            "sweep",
            form: .group(SweepSettings.fields),
            example: "{ every: 24h }",
            doc: """
                How often a run reads the whole source instead of what is new by the cursor. It finds rows that were changed \
                without their cursor, and rows that are gone. Only what differs is sent.
                """
        )
        static let onMissing = Field<String>(
            "on_missing",
            form: .choice(["keep", "uncallable", "delete"]),
            default: "keep",
            doc: """
                What becomes of a contact whose row is gone from the source or is filtered out; one whose row a step refuses stays as it \
                is. It stays (`keep`), it stays and is not called any more (`uncallable`, needs outbound:contact:edit, \
                outbound:contact:view and outbound:contactList:view), or it is \
                deleted (`delete`, needs outbound:contact:delete and outbound:contact:view).
                """,
            check: { ["keep", "uncallable", "delete"].contains($0) ? nil : "must be `keep`, `uncallable` or `delete`" }
        )
        static let maxRemoved = Field<Allowance>(
            "max_removed",
            default: .share(20),
            doc: """
                A run that would remove more contacts, as a number or as a share of those on the list, sends none, removes \
                none and ends with exit code 4.
                """
        )
        static let maxRejects = Field<Allowance?>(
            "max_rejects",
            example: "1000",
            doc: """
                A run with more invalid and rejected rows ends with exit code 3; what was settled is kept. A number ends it at \
                once, a share of the rows read at its end. Left out, only a run that reads its whole source and finds not one \
                good row ends so.
                """
        )
        static let maxAttempts = Field<Int>(
            "max_attempts",
            default: 5,
            doc: """
                How often a row that was refused is tried again, once a run; after that it is sent again only when it has \
                changed.
                """,
            check: { (1...1_000).contains($0) ? nil : "must be from 1 to 1000" }
        )
        static let keepPayload = Field<Bool>(
            "keep_payload",
            default: true,
            doc: """
                Keep refused rows, encrypted with the key in ROLLCALL_PAYLOAD_KEY or in the file that \
                ROLLCALL_PAYLOAD_KEY_FILE names, for `rollcall rejects show`. Without a key, and with `false`, only the row's \
                key and the reason are kept.
                """
        )
        static let tests = Field<[ConfigurationNode]>(
            "tests",
            form: .list(of: .group(PipelineCase.fields)),
            default: [],
            defaultText: "[]",
            example: "[{ name: …, input: [{ id: 1, phone: … }], output: [{ LeadId: 1, Phone: … }] }]",
            doc: "Cases that `rollcall test` runs: rows of the source, and what the transforms must make of them."
        )
    }

    /// The settings of a pipeline file, for documentation and the JSON Schema.
    public static let fields = [
        Setting.name.spec, Setting.description.spec, Setting.schedule.spec,
        Setting.source.spec, Setting.sources.spec, Setting.sourceColumn.spec, Setting.transforms.spec,
        Setting.sink.spec, Setting.sweep.spec, Setting.onMissing.spec,
        Setting.maxRemoved.spec, Setting.maxRejects.spec, Setting.maxAttempts.spec, Setting.keepPayload.spec,
        Setting.tests.spec,
    ]

    public let file: String
    public let name: String
    public let description: String?
    public let schedule: Schedule?
    public internal(set) var sources: SourceList
    public internal(set) var transforms: [Component<any Transform>]
    public let sink: Component<any Sink>
    /// Nil where only `rollcall run --sweep` makes one.
    public var sweepInterval: DurationSetting?
    /// What becomes of contacts whose rows have left; nil keeps them.
    public var removal: Removal?
    public var maximumRemoved = Allowance.share(20)
    public var maximumRejects: Allowance?
    public var maximumAttempts = 5
    public var keepsPayload = true
    public var cases: [PipelineCase] = []
    /// Of what shapes rows: another fingerprint, other rows.
    public internal(set) var fingerprint = Fingerprint()
}

/// The settings of `sweep`.
enum SweepSettings {
    static let every = Field<DurationSetting>(
        "every",
        example: "24h",
        doc: "The time from one sweep to the next; the first run behind it is one."
    )

    static let fields = [every.spec]
}
