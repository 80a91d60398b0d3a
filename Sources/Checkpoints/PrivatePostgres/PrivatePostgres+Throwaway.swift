internal import Foundation

/// Servers that last as long as a test run.
extension PrivatePostgres {
    /// A server that trades safety of the data for speed.
    package static func acquireThrowaway(folder: String) async throws -> PrivatePostgres {
        var server = try PrivateServer(folder: ServerFolder(path: folder, account: ServerAccount.forThisProcess()))
        server.extraSettings = [
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "1000",
        ]
        return try await acquire(server)
    }

    /// Stops the server at once and deletes its folder, whoever uses it; blocks until that is done.
    package nonisolated func discard() throws {
        try server.discard()
    }

    /// Deletes a folder whose users are all gone, together with a server that they left running.
    package static func discardIfAbandoned(folder: String) throws {
        let usage = try FolderLock(path: "\(folder)/usage.lock")
        guard usage.tryExclusive() else { return }
        try PrivateServer(folder: ServerFolder(path: folder, account: ServerAccount.forThisProcess())).discard()
    }
}

extension PrivateServer {
    fileprivate func discard() throws {
        try stop(.immediate)
        if folder.socketFolder != folder.path { try FileManager.default.removeItem(atPath: folder.socketFolder) }
        try FileManager.default.removeItem(atPath: folder.path)
    }
}
