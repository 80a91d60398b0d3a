import PostgresClient
import RollcallCore
import RollcallTestSupport

@testable import PostgresSource

/// A database of a test's own, and sources that read it.
struct Database {
    let configuration: PostgresConfiguration
    let connection: PostgresConnection

    init(_ script: String) async throws {
        configuration = try await TestPostgres.database()
        connection = try await PostgresConnection.connect(configuration)
        try await connection.execute(script: script)
    }

    /// A source of this database with these settings.
    func source(_ settings: [String: ConfigurationNode]) throws -> PostgresSource {
        var settings = settings
        settings["url"] = settings["url"] ?? .init(stringLiteral: configuration.connectionString)
        let location = SourceLocation(file: "test.yaml", line: 1)
        let entries = settings.sorted { $0.key < $1.key }.map {
            ConfigurationNode.Entry(key: $0.key, location: location, value: $0.value)
        }
        return try PostgresSource(PostgresSource.spec.settings(from: .mapping(entries, location)))
    }

    /// Waits, for at most about ten seconds, until a count is zero; the waiting is done by the server.
    func waitsForNone(_ count: String) async throws -> Bool {
        for _ in 0..<2_000 {
            if try await connection.query("SELECT count(*) FROM \(count)").first?[0] == "0" { return true }
            try await connection.query("SELECT pg_sleep(0.005)")
        }
        return false
    }
}

extension SourceReader {
    /// Everything that follows.
    func rest(atMost rowCount: Int = 1_000) async throws -> [[String?]] {
        var rows: [[String?]] = []
        while let batch = try await next(atMost: rowCount) { rows += batch.rows }
        return rows
    }

    /// The position behind everything.
    func end() async throws -> Position? {
        _ = try await rest()
        let position = try await finalPosition()
        await close()
        return position
    }
}
