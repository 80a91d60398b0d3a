import BuiltIns
import RollcallCore
import RollcallEngine
import RollcallTestSupport
import RollcallTransforms
import Testing

/// Every step keeps what `Transform` and `TransformStep` promise.
@Suite struct ConformanceTests {
    private static let columns: [Schema.Column] = [
        .init("id", .integer), .init("name"), .init("phone"), .init("country"), .init("email"), .init("born"),
        .init("score", .decimal), .init("consent", .boolean), .init("changed", .timestamp), .init("details", .json),
    ]
    private static let rows: [[String?]] = [
        [
            "1", "Lovelace, Ada", "+302101234567", "GR", "ada@example.com", "10/12/1815", "7.5", "true",
            "2026-01-31T08:30:00Z", "{\"a\":1}",
        ],
        ["2", "  o'neill  ", "210 123 4567", "gr", " Grace@Example.ORG ", "31/02/2026", "-1", "false", nil, nil],
        ["3", nil, "not a number", "XX", "grace@@example.com", "2026-02-03", nil, nil, "2026-01-31T08:30:00.5", "[]"],
        ["3", "Lovelace, Ada", nil, nil, nil, nil, "0", "true", "0001-01-01T00:00:00Z", "null"],
    ]

    private static let samples: [(type: any Transform.Type, settings: [ConfigurationNode])] = [
        (
            Filter.self,
            [
                [
                    "where":
                        "consent AND score > 1 OR name LIKE '%o%' OR changed >= '2026-01-01' OR details ->> '$.a' = 1"
                ],
                ["where": "abs(id) > 1 AND upper(name) <> 'X' OR regexp_like(phone, '^[+0-9 ]+$')"],
            ]
        ),
        (
            Derive.self,
            [
                [
                    "columns": [
                        "greeting": "'Hello ' || coalesce(name, 'you')", "name": "upper(name)",
                        "sum": "abs(id) + score",
                        "flag": "NOT consent", "length": "length(details)", "later": "changed",
                    ]
                ]
            ]
        ),
        (
            Select.self,
            [["columns": ["Phone": "phone", "LeadId": "id", "Again": "id"]], ["columns": ["name", "details"]]]
        ),
        (Rename.self, [["columns": ["phone": "name", "name": "phone", "Score": "score"]]]),
        (Drop.self, [["columns": ["name", "id"]]]),
        (
            Require.self,
            [
                ["columns": ["name", "score"]], ["values": ["country": ["GR", "null"]]],
                [
                    "columns": ["phone"], "values": ["consent": ["true", "null"]],
                    "where": "abs(score) < 5 AND email <> ''",
                    "code": "odd", "reason": "odd",
                ],
            ]
        ),
        (
            Text.self,
            [
                [
                    "columns": ["name", "email"], "strip": ["control", "zero_width"], "case": "title",
                    "collapse_blanks": true,
                    "trim": true, "normalize": "nfc", "max_length": 20, "on_too_long": "cut",
                ],
                ["columns": ["name", "id"], "max_length": 5, "on_too_long": "reject"],
            ]
        ),
        (
            Email.self,
            [
                ["columns": ["email"]], ["columns": ["email", "name"], "lowercase_local": true, "on_invalid": "null"],
                ["columns": ["email"], "on_invalid": "keep", "allow_quoted": true],
            ]
        ),
        (
            Phone.self,
            [
                ["column": "phone", "region_column": "country", "region": "GR"],
                [
                    "column": "phone", "region": "GR", "on_invalid": "null", "type_into": "phone_type",
                    "region_into": "country", "extension_into": "extension", "accept": "possible",
                ],
                ["columns": ["phone", "name"], "region": "US", "on_invalid": "keep"],
            ]
        ),
        (
            Dates.self,
            [
                ["columns": ["born"], "formats": ["dd/MM/yyyy", "iso8601"], "to": "date"],
                [
                    "columns": ["born", "changed"], "formats": ["iso8601"], "zone": "Europe/Athens",
                    "on_invalid": "null",
                ],
                ["columns": ["born"], "formats": ["iso8601"], "to": "dd/MM/yyyy", "on_invalid": "keep"],
            ]
        ),
        (
            Map.self,
            [
                ["columns": ["country"], "values": ["GR": "Greece", "gr": "null"]],
                ["columns": ["country", "id"], "values": ["GR": "Greece", "3": "III"], "on_missing": "reject"],
                ["columns": ["country"], "values": ["GR": "Greece"], "on_missing": "default", "default": "elsewhere"],
            ]
        ),
        (
            Lookup.self,
            [
                ["from": "table", "on": ["id"], "columns": ["agreed": "consented", "name": "note"]],
                ["from": "table", "on": ["id"], "columns": ["note"], "on_missing": "reject"],
                ["from": "table", "on": ["phone"], "on_missing": "filter"],
            ]
        ),
        (
            Split.self,
            [
                ["column": "name", "separator": ", ", "into": ["last", "first"]],
                [
                    "column": "name", "separator": ",", "into": ["name", "id", "rest"], "on_too_few": "reject",
                    "on_too_many": "reject",
                ],
                ["column": "phone", "separator": " ", "into": ["a", "b"], "on_too_many": "drop"],
            ]
        ),
        (
            Join.self,
            [
                ["columns": ["name", "id", "email"], "separator": ", ", "into": "whole"],
                ["columns": ["name", "country"], "into": "name"],
            ]
        ),
        (Mask.self, [["columns": ["phone", "id"], "keep": 4], ["columns": ["name"], "keep": 0]]),
        (Hash.self, [["columns": ["name", "id"], "key": "an invented key of a test"]]),
        (Sample.self, [["share": "50%", "key": ["id", "name"]], ["share": "0%", "key": ["phone"], "seed": "x"]]),
        (Limit.self, [["rows": 3], ["rows": 0]]),
        (
            Dedupe.self,
            [
                ["columns": ["name"]], ["columns": ["id", "phone"]], ["columns": ["name"], "keep": "last"],
                ["columns": ["id"], "keep": "largest", "by": "score"],
                ["columns": ["name"], "keep": "largest", "by": "changed"],
            ]
        ),
        (
            Timezone.self,
            [
                ["country_column": "country", "into": "zone", "confidence_into": "sure"],
                ["zone_column": "name", "country_column": "country", "into": "name"],
            ]
        ),
    ]

    @Test(arguments: samples.indices)
    func aStepWorksAsTheContractSays(_ index: Int) async throws {
        let (type, settings) = Self.samples[index]
        for settings in settings {
            let step = try type.init(type.spec.settings(from: settings, sources: ["from": try Self.table()]))
            let prepared = try await step.prepared(reading: step.table)
            expectConformance(of: TransformSample(prepared: prepared, settings, columns: Self.columns, rows: Self.rows))
        }
    }

    /// What a step may join the rows with.
    private static func table() throws -> Component<any Source> {
        let columns: [Schema.Column] = [.init("person"), .init("consented", .boolean), .init("note")]
        let rows: [[String?]] = [["1", "true", "ä"], ["2", nil, ""], ["+302101234567", "false", nil]]
        return .rows(RowsSource(key: ["person"], [try Batch.of(columns, rows)]))
    }

    @Test func noStepIsLeftOut() {
        #expect(Self.samples.map { $0.type.spec.name } == Plugins.builtIn.transforms.map { $0.spec.name })
    }
}
