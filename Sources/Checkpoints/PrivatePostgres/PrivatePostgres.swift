internal import Foundation
public import PostgresClient
internal import RollcallThreads

/// The Postgres server that Rollcall runs for itself when it is given no database.
///
/// Started by the first process that needs it, shared by all that do, and stopped by the last one to leave: each holds a shared
/// lock while it uses the server, and whoever can have that lock alone stops it. A process that is killed leaves the server to the
/// next one, which goes on using it and stops it in the end. The server listens on a unix socket only, in a folder that no other
/// user can enter.
public actor PrivatePostgres {
    /// How to reach the database `rollcall` on this server, as a role that may do anything there.
    public nonisolated let configuration: PostgresConfiguration

    /// Where its data is.
    public nonisolated var folder: String { server.folder.path }

    let server: PrivateServer
    private let transition: FolderLock
    /// `nil` once released.
    private var usage: FolderLock?
    private let executor = QueueExecutor(label: "rollcall.private-postgres")

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Longer than a start or a stop takes, each of which has 60 s.
    private static let patience: Duration = .seconds(150)

    /// Has the server in `folder` running: finds it, starts it, or makes a new one; `release` must be called in the end.
    ///
    /// - Parameter folder: by default `$XDG_STATE_HOME/rollcall`, for root `/var/lib/rollcall`.
    /// - Returns: a share in the server.
    /// - Throws: `CheckpointError` with what to do about it, or `CancellationError`.
    public static func acquire(folder: String? = nil) async throws -> PrivatePostgres {
        let path = folder ?? ServerFolder.standardPath()
        return try await acquire(
            PrivateServer(folder: ServerFolder(path: path, account: ServerAccount.forThisProcess()))
        )
    }

    static func acquire(_ server: PrivateServer) async throws -> PrivatePostgres {
        let postgres = try PrivatePostgres(server)
        try await postgres.start()
        return postgres
    }

    private init(_ server: PrivateServer) throws {
        self.server = server
        transition = try FolderLock(path: "\(server.folder.path)/transition.lock")
        configuration = try PostgresConfiguration(
            parameters: [
                "host": server.folder.socketFolder, "port": String(ServerFolder.port), "user": PrivateServer.role,
                "dbname": PrivateServer.database,
                // PG* variables are about the user's own databases; these would get in the way of this one.
                "sslmode": "disable", "gssencmode": "disable", "channel_binding": "disable",
                "target_session_attrs": "any",
                "options": "-c client_min_messages=notice",
            ]
        )
    }

    private func start() throws {
        try transition.exclusive(within: Self.patience, unless: Task.checkCancellation)
        defer { transition.unlock() }
        let usage = try FolderLock(path: "\(server.folder.path)/usage.lock")
        guard usage.tryShared() else {
            throw CheckpointError("\(usage.path) is locked, although only a process that stops the server may lock it")
        }
        do {
            try server.ensureRunning()
        } catch {
            // Cancelled, or failed: what may have been started already has no user then. The first error is the one to report.
            if usage.tryExclusive() { try? server.stop(.fast) }
            usage.unlock()
            throw error
        }
        self.usage = usage
    }

    /// Gives up the share; the last one stops the server.
    ///
    /// Releasing twice is harmless.
    ///
    /// Takes place in a cancelled task too.
    public func release() throws {
        guard let usage else { return }
        self.usage = nil
        try transition.exclusive(within: Self.patience)
        defer {
            // In this order: who has the transition must find nobody in mid-stop.
            usage.unlock()
            transition.unlock()
        }
        if usage.tryExclusive() { try server.stop(.fast) }
    }
}
