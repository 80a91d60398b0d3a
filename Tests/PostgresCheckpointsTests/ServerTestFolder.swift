import Foundation
import PostgresClient

@testable import PostgresCheckpoints

/// A folder for one private server, which is stopped and deleted when `body` ends, however it ends.
///
/// It is `name` below a temporary folder. When it `isUsed`, it has the data of a server that was stopped well; otherwise it does
/// not exist yet.
func withServerFolder(
    named name: String = "",
    isUsed: Bool = false,
    _ body: (ServerTestFolder) async throws -> Void
) async throws {
    let root = temporaryPath()
    let folder = ServerTestFolder(path: root + name)
    if !name.isEmpty {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }
    do {
        if isUsed { try await folder.copyData(from: usedFolder.value) }
        try await body(folder)
    } catch {
        try folder.remove(root)
        throw error
    }
    try folder.remove(root)
}

/// The name tells later test runs whose folder it is, so that they can remove it if this one is killed.
private func temporaryPath() -> String {
    "/tmp/rollcall-test-\(getpid())-\(UInt32.random(in: 0...(.max)))"
}

/// Made once and copied, which takes a tenth of the time of making one.
private let usedFolder = Task {
    let folder = ServerTestFolder(path: templatePath)
    try await folder.acquire().release()
    atexit { try? FileManager.default.removeItem(atPath: templatePath) }
    return folder
}

private let templatePath = temporaryPath()

struct ServerTestFolder: Sendable {
    let path: String

    fileprivate func copyData(from other: ServerTestFolder) throws {
        let folder = try server().folder
        let copy = try Command(executable: "/bin/cp", arguments: ["-a", other.path + "/data", folder.data]).run(in: "/")
        guard copy.succeeded else { throw CheckpointError("the test data cannot be copied", output: copy.output) }
    }

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
