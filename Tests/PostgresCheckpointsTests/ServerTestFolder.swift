import Foundation
import PostgresClient

@testable import PostgresCheckpoints

/// A folder for one private server, which is stopped and deleted when `body` ends, however it ends.
func withServerFolder(
    named name: String = "",
    _ body: (ServerTestFolder) async throws -> Void
) async throws {
    // The name tells later test runs whose folder it is, so that they can remove it if this one is killed.
    let root = "/tmp/rollcall-test-\(getpid())-\(UInt32.random(in: 0...(.max)))"
    let folder = ServerTestFolder(path: root + name)
    if !name.isEmpty {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }
    do {
        try await body(folder)
    } catch {
        try folder.remove(root)
        throw error
    }
    try folder.remove(root)
}

struct ServerTestFolder {
    let path: String

    func server() throws -> PrivateServer {
        var server = try PrivateServer(folder: ServerFolder(path: path, account: ServerAccount.forThisProcess()))
        server.extraSettings = ["fsync": "off"]
        return server
    }

    func acquire() async throws -> PrivatePostgres {
        try await PrivatePostgres.acquire(server())
    }

    /// The number in `postmaster.pid`.
    func serverProcess() throws -> Int32? {
        let file = "\(path)/data/postmaster.pid"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first.flatMap { Int32($0) }
    }

    fileprivate func remove(_ root: String) throws {
        let server = try server()
        try server.stop(.immediate)
        if server.folder.socketFolder != server.folder.path {
            try FileManager.default.removeItem(atPath: server.folder.socketFolder)
        }
        try FileManager.default.removeItem(atPath: root)
    }
}

extension PrivatePostgres {
    /// Asks the server something, to see that it serves.
    func answer(to sql: String) async throws -> String? {
        let connection = try await PostgresConnection.connect(configuration)
        let answer = try await connection.query(sql).first?[0]
        await connection.close()
        return answer
    }
}
