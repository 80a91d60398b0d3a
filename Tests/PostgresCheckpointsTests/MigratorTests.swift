import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresCheckpoints

@Suite struct MigratorTests {
    private func history(_ configuration: PostgresConfiguration) async throws -> [String] {
        let connection = try await PostgresConnection.connect(configuration)
        let rows = try await connection.query(
            "SELECT concat_ws(' ', number, applied_at, xmin) FROM rollcall.schema_migration ORDER BY number"
        )
        return rows.compactMap { $0[0] }
    }

    @Test func anEmptyDatabaseIsMadeReady() async throws {
        let configuration = try await TestPostgres.database()
        let store = try await StateStore.open(configuration)
        #expect(try await history(configuration).count == Migration.all.count)
        try await store.begin(pipeline: "crm-leads").finish(.stopped)
    }

    @Test func openingAgainChangesNothing() async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "1"))
        let before = try await history(state.configuration)
        let again = try await StateStore.open(state.configuration)
        #expect(try await history(state.configuration) == before)
        #expect(try await again.checkpoint(pipeline: "crm-leads")?.position.json == "1")
    }

    @Test func concurrentFirstStartsMakeOneSchema() async throws {
        let configuration = try await TestPostgres.database()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { _ = try await StateStore.open(configuration).statuses() }
            }
            try await group.waitForAll()
        }
        #expect(try await history(configuration).count == Migration.all.count)
    }

    @Test func numbersCountUpFromOne() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    @Test func aNewMigrationIsAddedToAnOldDatabase() async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "1"))
        let store = try await StateStore.open(state.configuration, migrator: Migrator(Migration.all + [.example]))
        #expect(try await state.count(of: "example") == 0)
        #expect(try await store.checkpoint(pipeline: "crm-leads")?.position.json == "1")
    }

    @Test func aMigrationThatFailsLeavesTheDatabaseAsItWas() async throws {
        let state = try await TestState()
        let broken = Migration(number: 101, name: "broken", sql: "CREATE TABLE rollcall.half (); SELECT 1/0;")
        let message = try await failure(.fatal) {
            try await StateStore.open(state.configuration, migrator: Migrator(Migration.all + [.example, broken]))
        }
        #expect(message.contains("division by zero"))
        #expect(try await history(state.configuration).count == Migration.all.count)
        let left = try await state.inspector.query(
            "SELECT coalesce(to_regclass('rollcall.example'), to_regclass('rollcall.half'))"
        )
        #expect(left.first?[0] == nil)
    }

    @Test func aDatabaseOfANewerRollcallIsRefused() async throws {
        let state = try await TestState()
        _ = try await StateStore.open(state.configuration, migrator: Migrator(Migration.all + [.example]))
        let message = try await failure(.preflight) { try await StateStore.open(state.configuration) }
        #expect(message.contains("belongs to a newer Rollcall: this one does not know its migration 100, an example"))
        #expect(message.contains("hint: use the newer version"))
    }

    @Test func aMigrationThatWasChangedAfterwardsIsNoticed() async throws {
        let state = try await TestState()
        let changed = Migration.all.map { Migration(number: $0.number, name: $0.name, sql: $0.sql + " ") }
        let message = try await failure(.preflight) {
            try await StateStore.open(state.configuration, migrator: Migrator(changed))
        }
        #expect(message.contains("differs from this one's"))
    }
}

extension Migration {
    fileprivate static let example = Migration(
        number: 100,
        name: "an example",
        sql: "CREATE TABLE rollcall.example (); ALTER TABLE rollcall.run ADD example text;"
    )
}
