import BuiltIns
import RollcallCore
import RollcallEngine
import Testing

private let environment = [
    "CRM_DATABASE_URL": "postgres://crm@localhost/crm", "GENESYSCLOUD_OAUTHCLIENT_ID": "id",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET": "hush", "EMPTY": "", "MISPLACED": "hush", "TRICKY": "x\ntable: other # \"'{",
]

private func load(_ yaml: String) throws -> Pipeline {
    try PipelineLoader(plugins: .builtIn, environment: environment).load(yaml, file: "p.yaml")
}

private func problems(_ yaml: String) -> [String] {
    do {
        _ = try load(yaml)
        return []
    } catch let error as RollcallError {
        return error.problems.map(\.description)
    } catch {
        return ["unexpected: \(error)"]
    }
}

/// A good pipeline, with lines to put in place of others.
private func pipeline(_ changes: [String: String] = [:]) -> String {
    var parts: [(String, String)] = [
        ("name", "name: crm-leads"),
        ("source", "source:\n  type: postgres\n  url: ${CRM_DATABASE_URL}"),
        ("relation", "  table: crm.leads"),
        ("key", "  key: [id]"),
        ("transforms", "transforms:"),
        ("filter", "  - type: filter\n    where: consent"),
        ("select", "  - type: select\n    columns: { LeadId: id, Phone: phone }"),
        ("sink", "sink:\n  type: genesys_contact_list\n  region: eu-west-1\n  list: CRM leads"),
        ("sink key", "  key: LeadId"),
        ("phones", "  phone_columns: { Phone: cell }"),
    ]
    for (index, part) in parts.enumerated() {
        if let change = changes[part.0] { parts[index].1 = change }
    }
    return parts.map(\.1).filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
}

@Suite struct PipelineLoaderTests {
    @Test func aGoodFileIsRead() throws {
        let pipeline = try load(pipeline())
        #expect(pipeline.name == "crm-leads")
        #expect(pipeline.transforms.map(\.title) == ["transform filter", "transform select"])
    }

    /// What a person gets wrong, the line it stands on, what is said of it, and the way out.
    @Test(
        arguments: [
            (["name": ""], 1, "`name` is missing", "add `name: crm-leads`"),
            (["name": "name: crm leads"], 1, "`name` must be 1 to 100 letters", nil),
            (["name": "name: crm-leads\nsinc: {}"], 2, "unknown setting `sinc`", "did you mean `sink`?"),
            (
                ["source": "source:\n  type: postgre\n  url: x"], 3, "no source of type \"postgre\"",
                "did you mean `postgres`?"
            ),
            (["source": "source:\n  type: postgres\n  url: ${CRM_URL}"], 4, "CRM_URL is not set", "export CRM_URL="),
            (["source": "source:\n  type: postgres\n  url: ${CRM"], 4, "`${` has no `}`", "$${"),
            (["relation": "  tabel: crm.leads"], 5, "unknown setting `tabel`", "did you mean `table`?"),
            (["relation": ""], 3, "neither `table` nor `query`", "add `table:"),
            (["relation": "  table: a\n  query: SELECT 1"], 6, "cannot stand beside `table`", "keep one"),
            (["key": ""], 3, "`key` is missing", "add `key: [id]`"),
            (["key": "  key: id"], 6, "must be a list of text, got \"id\"", "also one stands in brackets: `[id]`"),
            (["key": "  key: [id]\n  cursor: [at]"], 7, "must be text, got a list", "leave the brackets out"),
            (["key": "  key: [id]\n  ordered: perhaps"], 7, "must be true or false, got \"perhaps\"", nil),
            (["key": "  key: [id]\n  key: [id]"], 6, "written twice: `key`", "keep one of them"),
            (["filter": "  - type: filter\n    where: consent AND"], 9, "is no valid SQL expression", "SQLite's SQL"),
            (["filter": "  - type: filter"], 8, "`where` is missing", "add `where:"),
            (["filter": "  - where: consent"], 8, "has no `type`", "one of: filter"),
            (["filter": "  - filter: consent"], 8, "has no `type`", "write `type: filter`"),
            (["filter": "  - filter"], 8, "must be a mapping with a `type`", "one of: filter"),
            (["select": "  - type: select\n    columns: { A: id, A: phone }"], 11, "written twice: `A`", nil),
            (["select": "  - type: select\n    columns: [id, id]"], 11, "two columns are called \"id\"", "rename"),
            (["sink key": "  key: LeadID"], 16, "names no column: \"LeadID\"", "did you mean `LeadId`?"),
            (["phones": "  phone_columns: { Fon: cell }"], 17, "names no column: \"Fon\"", "the columns here are"),
            (["phones": ""], 13, "neither `phone_columns` nor `email_columns`", "phone_columns: { Phone: cell }"),
            (
                ["sink": "sink:\n  type: genesys_contact_list\n  region: eu-wst-1\n  list: L"], 14, "eu-wst-1",
                "eu-west-1"
            ),
            (
                ["sink": "sink:\n  type: genesys_contact_list\n  region: eu-west-1"], 13, "`list` is missing",
                "add `list:"
            ),
            (["transforms": "schedule: { cron: \"61 * * * *\" }\ntransforms:"], 7, "no valid minute", nil),
            (["transforms": "schedule: { cron: \"* * * *\" }\ntransforms:"], 7, "must have five fields, got 4", nil),
            (["transforms": "transforms:\n - {"], 9, "no valid YAML", "indentation"),
            (
                ["transforms": "transforms:\n - { type: filter, where: \"a }\n - { type: limit }"], 8, "quoted scalar",
                "close the quote"
            ),
        ] as [([String: String], Int, String, String?)]
    )
    func aFaultIsToldWithItsLineAndTheWayOut(
        _ changes: [String: String],
        _ line: Int,
        _ what: String,
        _ hint: String?
    ) throws {
        let told = problems(pipeline(changes))
        let problem = try #require(told.first { $0.contains(what) }, "\(told)")
        #expect(problem.hasPrefix("p.yaml:\(line): "), "\(problem)")
        if let hint { #expect(problem.contains(hint), "\(problem)") }
        #expect(told.count == 1, "\(told)")
    }

    /// A database's types are not known before it is asked, also not behind a `select`; names are.
    @Test func behindASelectOnlyNamesAreCheckedUntilTypesAreKnown() {
        func steps(_ condition: String) -> String {
            """
              - type: select
                columns: [id, consent, score]
              - type: rename
                columns: { total: score }
              - type: derive
                columns: { double: total * 2 }
              - type: filter
                where: \(condition)
              - type: select
                columns: { LeadId: id, Phone: double }
            """
        }
        func told(_ condition: String) -> [String] {
            problems(pipeline(["filter": steps(condition), "select": ""]))
        }
        for condition in ["consent", "consent = true", "total > 9", "NOT consent AND double BETWEEN 1 AND 10"] {
            #expect(told(condition) == [], "\(condition)")
        }
        let misspelt = told("consnt")
        #expect(misspelt.count == 1 && misspelt[0].contains("did you mean `consent`?"), "\(misspelt)")
    }

    /// A source within a step is checked like that of the pipeline, and together with the step.
    @Test func faultsOfASourceWithinAStepHaveTheirOwnLines() {
        let lookup = """
              - type: lookup
                from:
                  type: postgres
                  tabel: crm.consents
                  key: person_id
                on: [id]
                max_rows: 0
                colums: [consented]
            """
        #expect(
            problems(pipeline(["filter": lookup])) == [
                "p.yaml:11: source postgres: unknown setting `tabel`\n  hint: did you mean `table`?",
                "p.yaml:12: source postgres: `key` must be a list of text, got \"person_id\"\n  hint: also one stands in brackets: `[person_id]`",
                "p.yaml:14: transform lookup: `max_rows` must be from 1 to 1000000000",
                "p.yaml:15: transform lookup: unknown setting `colums`\n  hint: did you mean `columns`?",
            ]
        )
        let told = problems(
            pipeline(["filter": "  - type: lookup\n    from: { type: postgre, key: [id] }\n    on: [id]"])
        )
        #expect(told == ["p.yaml:9: there is no source of type \"postgre\"\n  hint: did you mean `postgres`?"])
        let missing = problems(pipeline(["filter": "  - type: lookup\n    on: [id]"]))
        #expect(missing.count == 1 && missing[0].contains("`from` is missing"), "\(missing)")
    }

    @Test func whereTheTableOfAStepIsReachedIsNoPartOfTheFingerprint() throws {
        func fingerprint(_ from: String) throws -> Fingerprint {
            let lookup =
                "  - type: lookup\n    from: { type: postgres, \(from), key: [id] }\n    on: [id]\n    columns: [x]"
            return try load(pipeline(["filter": lookup])).fingerprint
        }
        let one = try fingerprint("url: \"host=a\", table: t")
        #expect(try fingerprint("url: \"host=b\", table: t") == one)
        #expect(try fingerprint("url: \"host=a\", table: u") != one)
    }

    @Test func howASourceIsReadIsNoPartOfTheFingerprint() throws {
        func fingerprint(_ more: String) throws -> Fingerprint {
            try load(pipeline(["key": "  key: [id]\n\(more)"])).fingerprint
        }
        let plain = try fingerprint("")
        #expect(try fingerprint("  partitions: 4\n  read_timeout: 10m") == plain)
        #expect(try fingerprint("  cursor: updated_at") != plain)
        func list(_ more: String) throws -> Fingerprint {
            let one = "  - { name: a, type: postgres, table: t, key: [id]\(more) }"
            return try load(pipeline(["source": "sources:\n\(one)", "relation": "", "key": ""])).fingerprint
        }
        #expect(try list(", partitions: 2") == list(""))
        #expect(try list(", ordered: false") != list(""))
        func lookup(_ more: String) throws -> Fingerprint {
            let source = "{ type: postgres, table: t, key: [id]\(more) }"
            let step = "  - type: lookup\n    from: \(source)\n    on: [id]\n    columns: [x]"
            return try load(pipeline(["filter": step])).fingerprint
        }
        #expect(try lookup(", partitions: 2") == lookup(""))
        #expect(try lookup(", ordered: false") != lookup(""))
    }

    /// What a person gets wrong in a list of sources, each in place of `source`.
    @Test(
        arguments: [
            ("", 1, "`source` is missing", "or `sources`"),
            ("source: { type: csv, path: a.csv, key: [id] }\nsources: []", 3, "cannot stand beside `source`", "move"),
            ("sources: []", 2, "has no source in it", "- type"),
            ("sources: { type: csv }", 2, "must be a list", nil),
            ("source:\n  - { type: csv, path: a.csv, key: [id] }", 3, "must be a mapping with a `type`", nil),
            ("source: { type: csv, path: a.csv, key: [id] }\nsource_column: x", 3, "has no use with one", "leave it"),
            (
                "sources:\n  - { type: csv, path: a.csv, key: [id] }\n  - { type: csv, path: b.csv, key: [no] }", 4,
                "`key` is [no], and [id] in the source `csv`", "one key"
            ),
            (
                "sources:\n  - { name: a, type: csv, path: a.csv, key: [id] }\n"
                    + "  - { name: a, type: csv, path: b.csv, key: [id] }", 4, "is that of a source before it",
                "each a name"
            ),
            ("sources:\n  - { name: a b, type: csv, path: a.csv, key: [id] }", 3, "must be 1 to 100 letters", nil),
            ("sources:\n  - { nam: a, type: csv, path: a.csv, key: [id] }", 3, "unknown setting `nam`", nil),
            (
                "source_column: x\nsources:\n  - { type: csv, path: a.csv, key: [id] }", 4, "`name` is missing",
                "part of each key"
            ),
            (
                "source_column: id\nsources:\n"
                    + "  - { name: a, type: csv, path: a.csv, key: [id], columns: { id: integer } }",
                3,
                "has a column \"id\"", "another name"
            ),
        ] as [(String, Int, String, String?)]
    )
    func aFaultInAListOfSourcesIsToldWithItsLineAndTheWayOut(
        _ source: String,
        _ line: Int,
        _ what: String,
        _ hint: String?
    ) throws {
        let told = problems("name: p\n\(source)\nsink: { type: discard }\n")
        let problem = try #require(told.first { $0.contains(what) }, "\(told)")
        #expect(problem.hasPrefix("p.yaml:\(line): "), "\(problem)")
        if let hint { #expect(problem.contains(hint), "\(problem)") }
        #expect(told.count == 1, "\(told)")
    }

    /// What is gone once it was read would end every run but the first.
    @Test(
        arguments: [
            ("  - { type: dedupe, columns: [id], keep: last }", "keep", 6, "transform dedupe: must see all rows"),
            ("  - { type: dedupe, columns: [id] }", "uncallable", 8, "`on_missing` is `uncallable`, for which"),
            ("  - { type: filter, where: id IS NOT NULL }", "delete", 8, "`on_missing` is `delete`, for which"),
            ("  - { type: dedupe, columns: [id] }", "keep", 0, ""),
        ] as [(String, String, Int, String)]
    )
    func standardInputIsNoSourceForWhatReadsTwice(_ step: String, _ missing: String, _ line: Int, _ what: String) {
        let sources = [
            "source: { type: csv, path: \"-\", key: [id] }\n# one\n",
            "source: { type: json, path: \"-\", key: [id], columns: [id, phone] }\n# one\n",
            """
            source_column: origin
            sources:
              - { name: a, type: csv, path: a.csv, key: [id] }
              - { name: b, type: csv, path: "-", key: [id] }

            """,
        ]
        for (source, skipped) in zip(sources, [1, 1, -1]) {
            let told = problems(
                """
                name: p
                \(source)transforms:
                \(step)
                sink: { type: genesys_contact_list, base_url: http://x, client_id: a, client_secret: b, list: l, key: id, phone_columns: { phone: cell } }
                on_missing: \(missing)
                """
            )
            guard line > 0 else {
                #expect(told.isEmpty, "\(told)")
                continue
            }
            #expect(told.count == 1, "\(told)")
            #expect(told.first?.hasPrefix("p.yaml:\(line - skipped): ") == true, "\(told)")
            #expect(told.first?.contains(what) == true, "\(told)")
            #expect(told.first?.contains("can be read only once") == true, "\(told)")
            #expect(told.first?.contains("write them to a file first") == true, "\(told)")
        }
    }

    @Test func sourcesWithoutNamesAreCalledByTheirTypes() throws {
        let pipeline = try load(
            """
            name: p
            sources:
              - { type: csv, path: a.csv, key: [id] }
              - { type: json, path: a.json, key: [id], columns: [id] }
              - { type: csv, path: b.csv, key: [id] }
            sink: { type: discard }
            """
        )
        #expect(pipeline.sources.members.map(\.name) == ["csv", "json", "csv-2"])
    }

    @Test func allFaultsAreToldInTheOrderOfTheFile() {
        let told = problems(pipeline(["name": "nme: x", "key": "  key: id", "sink key": "  key: Nope"]))
        #expect(told.count == 4, "\(told)")
        #expect(told == told.sorted { ($0.count, $0) < ($1.count, $1) } || told.first?.contains("p.yaml:1") == true)
        #expect(told.last?.contains("p.yaml:16") == true, "\(told)")
    }

    @Test func aValueOfTheEnvironmentCannotBecomeYAML() throws {
        let told = problems(pipeline(["relation": "  query: ${TRICKY}"]))
        #expect(told.isEmpty, "\(told)")
    }

    @Test(arguments: [
        ("${EMPTY:-fallback}", "fallback"), ("${UNSET:-a:b}", "a:b"), ("$$5", "$5"), ("cost $5", "cost $5"),
        ("${CRM_DATABASE_URL}", "postgres://crm@localhost/crm"), ("a${EMPTY}b", "ab"), ("$${HOME}", "${HOME}"),
    ])
    func variablesAreReplacedInValues(_ written: String, _ expected: String) throws {
        let pipeline = try load(pipeline(["name": "name: crm-leads\ndescription: \"\(written)\""]))
        #expect(pipeline.description == expected)
    }

    @Test func aMissingVariableSaysItsOwnMessage() {
        let told = problems(pipeline(["name": "name: crm-leads\ndescription: ${UNSET:?ask the CRM team}"]))
        #expect(told.first?.contains("UNSET is not set: ask the CRM team") == true, "\(told)")
    }

    /// As in `url: ${CRM_DATABASE_URL}`, where nothing means the server that libpq takes by itself.
    @Test func aVariableThatIsAWholeValueMustNotBeEmpty() {
        let told = problems(pipeline(["name": "name: crm-leads\ndescription: ${EMPTY}"]))
        #expect(told.first?.contains("EMPTY is empty") == true, "\(told)")
        #expect(told.first?.contains("${EMPTY:-}") == true, "\(told)")
        #expect(problems(pipeline(["name": "name: crm-leads\ndescription: ${EMPTY:-}"])).isEmpty)
    }

    @Test func noSecretIsInAnyMessage() {
        let told = problems(pipeline(["sink key": "  key: Nope\n  client_secret: [hush]"]))
        #expect(told.allSatisfy { !$0.contains("hush") }, "\(told)")
    }

    /// Nor is what a variable stands for, wherever it was put by mistake.
    @Test(
        arguments: [
            ["source": "source: ${MISPLACED}", "relation": "", "key": ""],
            ["source": "source:\n  type: ${MISPLACED}"],
            ["filter": "  - ${MISPLACED}"],
            ["filter": "  - type: lookup\n    from: ${MISPLACED}\n    on: [id]\n    columns: [email]"],
            ["transforms": "transforms: ${MISPLACED}", "filter": "", "select": ""],
            ["key": "  key: ${MISPLACED}"],
            ["key": "  key: [id]\n  ordered: 1${MISPLACED}"],
            ["phones": "  phone_columns: ${MISPLACED}"],
            ["name": "name: crm-leads\nmax_rejects: ${MISPLACED}"],
            ["name": "name: crm-leads\nmax_attempts: ${MISPLACED}"],
            ["name": "name: crm-leads\nsweep: { every: \"${MISPLACED}\" }"],
            ["name": "name: crm-leads\non_missing: ${MISPLACED}"],
        ]
    )
    func noVariableIsInAnyMessage(_ changes: [String: String]) {
        let told = problems(pipeline(changes))
        #expect(!told.isEmpty)
        #expect(told.allSatisfy { !$0.contains("hush") }, "\(told)")
    }

    /// Foundation takes BST for the time of Bangladesh.
    @Test func aScheduleIsInAZoneOfTheDatabase() {
        for (zone, isGood) in [("Europe/London", true), ("UTC", true), ("BST", false), ("Europe/Nowhere", false)] {
            let told = problems(pipeline(["name": "name: a\nschedule: { cron: \"0 8 * * *\", timezone: \(zone) }"]))
            #expect(told.contains { $0.contains("is no IANA time zone") } == !isGood, "\(zone): \(told)")
        }
    }

    @Test(arguments: ["*/15 8-20 * * 1-5", "0 0 1,15 jan-mar sun", "5/10 * * * *", "0 0 * * 7"])
    func schedulesOfCrontabAreUnderstood(_ cron: String) {
        let told = problems(pipeline(["name": "name: a\nschedule: { cron: \"\(cron)\", timezone: Europe/Athens }"]))
        #expect(cron.hasPrefix("5/") ? told.count == 1 : told.isEmpty, "\(told)")
    }
}
