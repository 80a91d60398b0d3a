import BuiltIns
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// The examples of transforms are what people copy: they load, open and work on rows as they are meant.
@Suite struct ExampleTests {
    private static let names = Plugins.builtIn.transforms.map { $0.spec.name }

    /// The step of the example, with all columns before it and a row.
    private func example(_ name: String) async throws -> (step: Component<any Transform>, lead: Batch) {
        let spec = try #require(Plugins.builtIn.transforms.first { $0.spec.name == name }).spec
        let plugins = Plugins(
            sources: [LeadSource.self] + Plugins.builtIn.sources,
            transforms: Plugins.builtIn.transforms,
            sinks: Plugins.builtIn.sinks
        )
        let text = """
            name: example
            source: { type: leads }
            transforms:
            \(spec.example)
            sink: { type: discard }
            """
        let environment = ["ROLLCALL_HASH_KEY": "invented-key-of-a-test", "CRM_DATABASE_URL": "host=localhost"]
        let pipeline = try PipelineLoader(plugins: plugins, environment: environment).load(text, file: "example.yaml")
        // The table of an example is not there: another takes its place.
        let table = Component.rows(RowsSource(key: ["person_id"], [try Self.consents()]))
        let step = try await pipeline.transforms[0].prepared(reading: table)
        return (step, try Batch.of(try LeadSource.columns().columns, [LeadSource.lead]))
    }

    private func chain(_ step: Component<any Transform>, _ lead: Batch) async throws -> TransformChain {
        let chain = try TransformChain([step], input: lead.schema)
        try await chain.survey(BatchReader(lead))
        return chain
    }

    private static func consents() throws -> Batch {
        try Batch.of(
            [.init("person_id", .integer), .init("consented", .boolean), .init("given_on", .date)],
            [["42", "true", "2026-01-31"]]
        )
    }

    @Test(arguments: names)
    func theExampleOfATransformWorks(_ name: String) async throws {
        let (step, lead) = try await example(name)
        let chain = try await chain(step, lead)
        let result = try await chain.apply(lead)
        #expect(result.invalid == [])
        #expect(result.batch.schema == chain.output)
        #expect(name == "sample" || result.batch.rowCount == 1)
    }

    @Test(arguments: names)
    func aStepAsksForAllColumnsThatAColumnBehindItNeeds(_ name: String) async throws {
        let (step, lead) = try await example(name)
        let whole = try await chain(step, lead).apply(lead).batch
        for (place, column) in whole.schema.columns.enumerated() {
            let needed = try step.plugin.columns(of: lead.schema, neededFor: [column.name])
            let indices = lead.schema.columns.indices.filter { needed.contains(lead.schema.columns[$0].name) }
            let narrow = lead.replacing(
                indices.map { lead.columns[$0] },
                schema: try Schema(indices.map { lead.schema.columns[$0] })
            )
            let part = try await chain(step, narrow).apply(narrow).batch
            let index = try #require(part.schema.index(of: column.name))
            #expect(part.rows.map { $0[index] } == whole.rows.map { $0[place] }, "\(column.name)")
        }
    }
}

/// A source with every column that an example names.
private struct LeadSource: Source {
    static let spec = ComponentSpec(.source, "leads", summary: "", fields: [], example: "")

    private static let values: [(Schema.Column, String?)] = [
        (.init("id", .integer), "42"), (.init("first_name"), "ADA"), (.init("last_name"), "o'neill"),
        (.init("full_name"), "Lovelace, Ada"), (.init("country"), "gr"), (.init("consent", .boolean), "true"),
        (.init("status"), "new"), (.init("updated_at", .timestamp), "2026-02-03T04:05:06Z"),
        (.init("internal_note"), "x"), (.init("score", .decimal), "7.5"), (.init("phone"), "+302101234567"),
        (.init("phone_mobile"), "+306912345678"), (.init("email"), " Ada@Example.ORG"),
        (.init("last_call"), "31/01/2026 08:30"), (.init("street"), "Main Street 1"), (.init("zip"), "10558"),
        (.init("city"), "Athens"), (.init("account_number"), "DE44500105175407324931"),
        (.init("national_id"), "AB123456"), (.init("time_zone"), nil), (.init("state"), "NY"),
    ]
    static let lead = values.map(\.1)

    static func columns() throws -> Schema { try Schema(values.map(\.0)) }

    let keyColumns = ["id"]
    let declaredSchema: Schema?

    init(_ settings: Settings) throws { declaredSchema = try Self.columns() }

    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        throw RollcallError(.preflight, "the examples need no rows of the source")
    }
}
