internal import Foundation

/// Starting and stopping the server in a folder.
///
/// All calls block, and none of them guards against another process doing the same: `PrivatePostgres` holds the locks.
struct PrivateServer: Sendable {
    /// How hard to stop, in the words of `pg_ctl`.
    enum StopMode: String {
        /// Disconnects clients and leaves a clean data folder.
        case fast
        /// Stops as in a crash; for data that is about to be thrown away.
        case immediate
    }

    static let role = "rollcall"
    static let database = "rollcall"

    /// Small, and without what only replication needs.
    ///
    /// The log is terse because DETAIL may quote rows.
    private static let settings = [
        "listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "50", "shared_buffers": "32MB",
        "max_wal_size": "256MB", "min_wal_size": "32MB", "wal_level": "minimal", "max_wal_senders": "0", "jit": "off",
        "timezone": "UTC", "log_timezone": "UTC", "log_error_verbosity": "terse",
    ]
    private static let startLimit: Duration = .seconds(60)
    private static let largestLog = 8 << 20

    let folder: ServerFolder
    var search = ServerBinaries.Search.standard
    /// Settings on top of the usual ones.
    var extraSettings: [String: String] = [:]

    /// Has a server running and accepting connections, whatever state the folder was left in.
    func ensureRunning() throws {
        let version = try folder.dataVersion()
        let binaries = try ServerBinaries.find(majorVersion: version, search: search)
        if version == nil { try makeData(binaries) }

        let deadline = ContinuousClock.now + Self.startLimit
        while try !isAccepting(binaries) {
            guard ContinuousClock.now < deadline else {
                throw CheckpointError(
                    "the private Postgres server in \(folder.path) has not begun to answer for "
                        + "\(Self.startLimit.components.seconds) s",
                    hint: "see \(folder.log)",
                    output: folder.logTail()
                )
            }
            try Task.checkCancellation()
            // A live one is still starting, recovering or stopping: whoever began that was killed.
            if isPostmasterAlive() { pauseBriefly() } else { try start(binaries) }
        }
    }

    /// Stops the server if it runs, and returns when it is gone.
    func stop(_ mode: StopMode) throws {
        guard let version = try folder.dataVersion(), isPostmasterAlive() else { return }
        let binaries = try ServerBinaries.find(majorVersion: version, search: search)
        let result = try run(binaries.command("pg_ctl", ["stop", "-D", folder.data, "-m", mode.rawValue, "-w", "-s"]))
        guard result.succeeded || !isPostmasterAlive() else {
            throw CheckpointError(
                "the private Postgres server in \(folder.path) did not stop",
                hint: "see \(folder.log)",
                output: result.output
            )
        }
    }

    /// Makes the data folder under another name first, so that a half-made one is never taken for real.
    private func makeData(_ binaries: ServerBinaries) throws {
        try removeIfPresent(folder.newData)
        let initdb = try run(
            binaries.command(
                "initdb",
                [
                    "-D", folder.newData, "--username=\(Self.role)", "--auth=trust", "--encoding=UTF8", "--locale=C",
                    "--data-checksums",
                ] + (extraSettings["fsync"] == "off" ? ["--no-sync"] : [])
            )
        )
        guard initdb.succeeded else {
            throw CheckpointError("initdb could not make the data folder \(folder.data)", output: initdb.output)
        }
        let single = binaries.command(
            "postgres",
            ["--single", "-D", folder.newData, "-c", "exit_on_error=on", "-c", "log_checkpoints=off", "template1"]
        )
        let creation = try run(single, input: "CREATE DATABASE \(Self.database)\n")
        guard creation.succeeded else {
            throw CheckpointError("the database \(Self.database) could not be made", output: creation.output)
        }
        try FileManager.default.moveItem(atPath: folder.newData, toPath: folder.data)
    }

    private func start(_ binaries: ServerBinaries) throws {
        // What a crash left behind: with the process gone, or its number taken by another, Postgres might refuse to start.
        try removeIfPresent("\(folder.data)/postmaster.pid")
        try removeIfPresent("\(folder.socket).lock")
        try limitLog()

        var settings = Self.settings.merging(extraSettings) { _, extra in extra }
        settings["unix_socket_directories"] = folder.socketFolder
        settings["port"] = String(ServerFolder.port)
        // pg_ctl hands this to a shell.
        let options = settings.sorted { $0.key < $1.key }.map { "-c " + shellQuoted("\($0.key)=\($0.value)") }
        let result = try run(
            binaries.command(
                "pg_ctl",
                [
                    "start", "-D", folder.data, "-l", folder.log, "-w", "-s",
                    "-t", String(Self.startLimit.components.seconds), "-o", options.joined(separator: " "),
                ]
            )
        )
        if result.succeeded { return }
        let log = folder.logTail()
        // The children of a postmaster that was killed take a moment to notice.
        if log.contains("pre-existing shared memory block") { return pauseBriefly() }
        throw CheckpointError(
            "the private Postgres server in \(folder.path) did not start",
            hint: "the whole log is in \(folder.log)",
            output: log.isEmpty ? result.output : log
        )
    }

    private func isAccepting(_ binaries: ServerBinaries) throws -> Bool {
        try run(
            binaries.command(
                "pg_isready",
                ["-q", "-h", folder.socketFolder, "-p", String(ServerFolder.port), "-t", "5"]
            )
        ).succeeded
    }

    /// The process in `postmaster.pid` runs and is a server of this folder: a number alone may have been given out again.
    ///
    /// In doubt it is taken for one, because two servers on one data folder would destroy it.
    func isPostmasterAlive() -> Bool {
        guard let lines = try? String(contentsOfFile: "\(folder.data)/postmaster.pid", encoding: .utf8),
            let processID = lines.split(separator: "\n").first.flatMap({ Int32($0) }),
            kill(processID, 0) == 0
        else { return false }
        let process = "/proc/\(processID)"
        let files = FileManager.default
        let owner = try? files.attributesOfItem(atPath: process)[.ownerAccountID] as? UInt32
        if let owner, owner != folder.account?.userID ?? geteuid() { return false }
        // A server works in its data folder. Not everyone may see where: in a container not even root.
        guard let workingFolder = try? files.destinationOfSymbolicLink(atPath: "\(process)/cwd") else { return true }
        return workingFolder == folder.data
    }

    private func run(_ command: Command, input: String = "") throws -> Command.Result {
        try (folder.account?.wrapping(command) ?? command).run(in: folder.path, input: input)
    }

    private func removeIfPresent(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    private func limitLog() throws {
        let size = try? FileManager.default.attributesOfItem(atPath: folder.log)[.size] as? Int
        guard let size, size > Self.largestLog else { return }
        try removeIfPresent("\(folder.log).old")
        try FileManager.default.moveItem(atPath: folder.log, toPath: "\(folder.log).old")
    }

    private func shellQuoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
