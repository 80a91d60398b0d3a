import Foundation
import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

/// What is said to a role that lacks a right is what helps it.
@Suite struct StatePermissionTests {
    @Test func aRoleThatMayNotMakeTheSchemaIsToldTheGrant() async throws {
        let configuration = try await TestPostgres.database()
        try await withRole(configuration) { role, restricted in
            let message = try await failure(.preflight) { try await StateStore.open(restricted) }
            #expect(message.contains("the role \(role) may not make the schema rollcall"))
            try await run(grants(in: message), configuration)
            try await StateStore.open(restricted).begin(pipeline: "crm-leads").finish(.stopped)
        }
    }

    @Test func aRoleThatMayNotUseTheSchemaIsToldTheGrants() async throws {
        let configuration = try await TestPostgres.database()
        _ = try await StateStore.open(configuration)
        try await withRole(configuration) { role, restricted in
            let message = try await failure(.preflight) { try await StateStore.open(restricted) }
            #expect(message.contains("the role \(role) may not use the schema rollcall of "))
            try await run(grants(in: message), configuration)
            let session = try await StateStore.open(restricted).begin(pipeline: "crm-leads")
            let reject = Reject(.rejected, key: ["7"], code: "invalid_value", reason: "`phone` is not valid")
            try await session.record(rejected(reject, upTo: "1"))
            try await session.finish(.done(next: nil))
        }
    }

    @Test func aRightTakenAwayLaterIsNoMystery() async throws {
        let configuration = try await TestPostgres.database()
        _ = try await StateStore.open(configuration)
        try await withRole(configuration) { role, restricted in
            try await run("GRANT USAGE ON SCHEMA rollcall TO \(role)", configuration)
            try await run("GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO \(role)", configuration)
            let store = try await StateStore.open(restricted)
            let message = try await failure(.preflight) { try await store.begin(pipeline: "crm-leads") }
            #expect(message.contains("permission denied"))
            #expect(message.contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rollcall"))
        }
    }

    /// The statements that a message asks its reader to run.
    private func grants(in message: String) throws -> String {
        String(message[try #require(message.range(of: "GRANT ")).lowerBound...])
    }

    private func run(_ script: String, _ configuration: PostgresConfiguration) async throws {
        let connection = try await PostgresConnection.connect(configuration)
        try await connection.execute(script: script)
    }

    /// Runs `body` with the configuration of a role that has no rights, and then removes the role.
    private func withRole(
        _ configuration: PostgresConfiguration,
        _ body: (_ role: String, PostgresConfiguration) async throws -> Void
    ) async throws {
        let role = "rollcall_test_\(UInt64.random(in: 0...(.max)))"
        try await run("CREATE ROLE \(role)", configuration)
        let outcome: Result<Void, any Error>
        do {
            // Connecting as oneself and turning into the role needs no password for it.
            outcome = .success(try await body(role, configuration.with(["options": "-c role=\(role)"])))
        } catch {
            outcome = .failure(error)
        }
        try await run("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)", configuration)
        try outcome.get()
    }
}
