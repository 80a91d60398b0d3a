internal import Foundation
internal import PostgresCheckpoints
public import PostgresClient
internal import Synchronization

/// Databases for tests, on a real server.
///
/// The first call starts a private server in a temporary folder, which is stopped and deleted when the process exits. What a
/// killed run left behind, the next one removes. With `ROLLCALL_TEST_DATABASE_URL` set, that server is used instead; the role must
/// be allowed to create databases.
public enum TestPostgres {
    /// A new database, empty and of nobody else.
    public static func database() async throws -> PostgresConfiguration {
        let server = try await TestServer.shared.configuration()
        let administration = try await PostgresConnection.connect(server)
        let name = TestDatabaseName.new()
        try await administration.query(
            "CREATE DATABASE \(PostgresQuoting.identifier(name)) TEMPLATE template0 ENCODING 'UTF8'"
        )
        await administration.close()
        return server.with(["dbname": name])
    }
}

/// The server of this process, started once.
private actor TestServer {
    static let shared = TestServer()

    private static let folderPrefix = "rollcall-test-"
    private static let toDiscard = Mutex<PrivatePostgres?>(nil)

    private var start: Task<PostgresConfiguration, any Error>?

    func configuration() async throws -> PostgresConfiguration {
        // All callers wait for one start; a task of its own, because the first caller's being cancelled is no reason to stop it.
        let start = start ?? Task { try await Self.start() }
        self.start = start
        return try await start.value
    }

    private static func start() async throws -> PostgresConfiguration {
        if let url = ProcessInfo.processInfo.environment["ROLLCALL_TEST_DATABASE_URL"] {
            let configuration = try PostgresConfiguration(url)
            try await dropOldDatabases(configuration)
            return configuration
        }
        removeAbandonedFolders()
        let postgres = try await PrivatePostgres.acquireThrowaway(folder: "/tmp/\(folderPrefix)\(getpid())")
        toDiscard.withLock { $0 = postgres }
        atexit {
            do {
                try TestServer.toDiscard.withLock { try $0?.discard() }
            } catch {
                FileHandle.standardError.write(Data("the test server could not be removed: \(error)\n".utf8))
            }
        }
        return postgres.configuration
    }

    private static func removeAbandonedFolders() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix(folderPrefix) {
            let owner = Int32(name.dropFirst(folderPrefix.count).prefix(while: \.isNumber))
            guard let owner, kill(owner, 0) != 0, errno == ESRCH else {
                continue
            }
            // Another run may be removing the same folder, and another user's folder is none of our business.
            try? PrivatePostgres.discardIfAbandoned(folder: "/tmp/\(name)")
        }
    }

    /// On a server that stays, databases of runs that ended more than a day ago.
    private static func dropOldDatabases(_ configuration: PostgresConfiguration) async throws {
        let connection = try await PostgresConnection.connect(configuration)
        let names = try await connection.query("SELECT datname FROM pg_database").compactMap { $0[0] }
        for name in names where TestDatabaseName.isOld(name) {
            try await connection.query("DROP DATABASE IF EXISTS \(PostgresQuoting.identifier(name))")
        }
        await connection.close()
    }
}

private enum TestDatabaseName {
    private static let prefix = "rollcall_test_"
    private static let oneDay = 86_400

    static func new() -> String {
        "\(prefix)\(Int(Date().timeIntervalSince1970))_\(UInt64.random(in: 0...(.max)))"
    }

    static func isOld(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), let made = Int(name.dropFirst(prefix.count).prefix { $0 != "_" }) else {
            return false
        }
        return Int(Date().timeIntervalSince1970) - made > oneDay
    }
}
