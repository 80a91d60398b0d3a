import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// Columns that come, go and change between two runs.
@Suite struct SchemaDriftTests {
    private static let script = """
        CREATE TABLE leads (id int PRIMARY KEY, phone text, score int, changed timestamptz);
        INSERT INTO leads VALUES (1, '+30 210', 7, '2026-01-02 03:04:05+00');
        """
    private static let settings: [String: ConfigurationNode] = ["table": "leads", "key": ["id"], "cursor": "changed"]

    private let database: Database
    private let source: PostgresSource
    /// Behind a first run.
    private let position: Position

    init() async throws {
        database = try await Database(Self.script)
        source = try database.source(Self.settings)
        position = try #require(try await source.open(after: nil).end())
    }

    private func reservations(after position: Position?, _ names: Set<String>? = nil) async throws -> [String] {
        let reader = try await source.open(after: position) { all in
            let names = names ?? Set(all.names)
            // As steps do.
            if let missing = names.first(where: { all.index(of: $0) == nil }) {
                throw RollcallError(.configuration, "there is no column \(missing)")
            }
            return names
        }
        await reader.close()
        return reader.reservations
    }

    @Test func withoutAChangeThereIsNothingToSay() async throws {
        #expect(try await reservations(after: position).isEmpty)
        #expect(try await reservations(after: Position(json: #"{"from":"2026-01-01"}"#)).isEmpty)
    }

    @Test func aNewColumnIsToldOnce() async throws {
        try await database.connection.query("ALTER TABLE leads ADD COLUMN email text, ADD COLUMN zip text")
        #expect(
            try await reservations(after: position) == [
                "new in the source since the last run: columns \"email\", \"zip\""
            ]
        )
        let next = try #require(try await source.open(after: position).end())
        #expect(try await reservations(after: next).isEmpty)
    }

    @Test func aLostColumnIsToldOrRefused() async throws {
        try await database.connection.query("ALTER TABLE leads DROP COLUMN score")
        #expect(
            try await reservations(after: position, ["phone"])
                == ["no longer in the source since the last run: column \"score\""]
        )
        let error = await #expect(throws: RollcallError.self) {
            _ = try await reservations(after: position, ["phone", "score"])
        }
        #expect(error?.disposition == .preflight)
        #expect(
            error?.description.contains("no column \"score\" any more, which was there at the last run") == true,
            "\(String(describing: error))"
        )
        // Nobody knows that it was ever there.
        let unknown = await #expect(throws: RollcallError.self) { _ = try await reservations(after: nil, ["score"]) }
        #expect(unknown?.disposition == .configuration)
    }

    @Test(arguments: ["id", "changed"])
    func theOrderCannotLoseAColumn(_ name: String) async throws {
        try await database.connection.query("ALTER TABLE leads DROP COLUMN \(name)")
        let error = await #expect(throws: RollcallError.self) { _ = try await reservations(after: position) }
        #expect(error?.disposition == .preflight)
        #expect(error?.description.contains("no column \"\(name)\" any more") == true)
    }

    @Test func aColumnOfAnotherTypeIsNamedWithBoth() async throws {
        try await database.connection.query("ALTER TABLE leads ALTER score TYPE text, ALTER id TYPE bigint")
        #expect(
            try await reservations(after: position) == [
                "the column \"id\" is bigint now, and was integer at the last run",
                "the column \"score\" is text now, and was integer at the last run",
            ]
        )
    }

    @Test(arguments: [
        ("cursor", "changed", "timestamp without time zone", "timestamp with time zone"),
        ("key", "id", "text", "integer"),
    ])
    func anOrderOfAnotherTypeIsRefused(_ setting: String, _ name: String, _ now: String, _ before: String) async throws
    {
        try await database.connection.query("ALTER TABLE leads ALTER \(name) TYPE \(now)")
        let error = await #expect(throws: RollcallError.self) { _ = try await reservations(after: position) }
        #expect(error?.disposition == .preflight)
        #expect(
            error?.description.contains("the `\(setting)` column \"\(name)\" is \(now) now, and was \(before)") == true,
            "\(String(describing: error))"
        )
        #expect(try await source.read().rows.count == 1)
    }
}
