internal import Foundation

/// The folder of a private server: data, socket, log and locks.
///
/// It and all that is in it is open to nobody but its owner, since whoever reaches the socket may do anything to the data.
struct ServerFolder: Sendable {
    let path: String
    let account: ServerAccount?
    /// Where the socket is: in the folder itself, unless that makes its path too long.
    let socketFolder: String

    var data: String { "\(path)/data" }
    /// A data folder that is being made; it gets its real name when it is complete.
    var newData: String { "\(path)/data.new" }
    var log: String { "\(path)/server.log" }
    var socket: String { "\(socketFolder)/.s.PGSQL.\(Self.port)" }

    /// Only part of the socket's name: the server listens on no network.
    static let port = 5_432
    /// What fits into `sockaddr_un.sun_path` on Linux, besides the NUL at its end.
    private static let longestSocketPath = 107

    /// `$XDG_STATE_HOME/rollcall`, by default `~/.local/state/rollcall`; for root `/var/lib/rollcall`.
    static func standardPath(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isRoot: Bool = geteuid() == 0
    ) -> String {
        if isRoot { return "/var/lib/rollcall" }
        // The specification of XDG has relative paths ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/rollcall" }
        return "\(environment["HOME"] ?? NSHomeDirectory())/.local/state/rollcall"
    }

    /// Makes the folder if it is missing, and refuses one that others could reach into.
    init(path: String, account: ServerAccount?) throws {
        let parent = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(
                "the folder \(parent) cannot be made: \(error.localizedDescription)",
                hint: "set HOME or XDG_STATE_HOME to a folder of yours, or ROLLCALL_DATABASE_URL to a database"
            )
        }
        try Self.makePrivate(Self.resolved(path) ?? path, for: account)
        guard let resolved = Self.resolved(path) else {
            throw CheckpointError("the folder \(path) cannot be resolved: \(systemErrorMessage(errno))")
        }
        self.path = resolved
        self.account = account
        socketFolder = try Self.makeSocketFolder(for: resolved, account)
    }

    /// The absolute path without symbolic links, so that all processes call the folder by one name.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func makeSocketFolder(for path: String, _ account: ServerAccount?) throws -> String {
        guard "\(path)/.s.PGSQL.\(port)".utf8.count > longestSocketPath else { return path }
        let parent = "/tmp/rollcall-\(account?.userID ?? geteuid())"
        try makePrivate(parent, for: account)
        // The same folder for every process that uses `path`: FNV-1a, since Swift's own hash differs from run to run.
        let hash = path.utf8.reduce(into: UInt64(0xcbf2_9ce4_8422_2325)) { $0 = ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let folder = "\(parent)/\(String(hash, radix: 16))"
        try makePrivate(folder, for: account)
        return folder
    }

    private static func makePrivate(_ path: String, for account: ServerAccount?) throws {
        let owner = account?.userID ?? geteuid()
        if unsafe mkdir(path, 0o700) == 0 {
            if let account { try change(path, unsafe chown(path, account.userID, account.groupID)) }
            return
        }
        guard errno == EEXIST else {
            throw CheckpointError("the folder \(path) cannot be made: \(systemErrorMessage(errno))")
        }
        var information = stat()
        // Not `stat`: in /tmp anyone could have put a link there.
        try change(path, unsafe lstat(path, &information))
        if let account, information.st_mode & S_IFMT == S_IFDIR, information.st_uid == 0 {
            // Made by root beforehand, as systemd does for a StateDirectory.
            try change(path, unsafe chown(path, account.userID, account.groupID))
            information.st_uid = account.userID
        }
        guard information.st_mode & S_IFMT == S_IFDIR, information.st_uid == owner else {
            throw CheckpointError(
                "\(path) is not a folder of the user with id \(owner), as whom the private Postgres server runs",
                hint: "move it away, or give Rollcall a database of your own in ROLLCALL_DATABASE_URL"
            )
        }
        if information.st_mode & 0o077 != 0 { try change(path, unsafe chmod(path, 0o700)) }
    }

    private static func change(_ path: String, _ result: Int32) throws {
        guard result == 0 else {
            throw CheckpointError("the folder \(path) cannot be used: \(systemErrorMessage(errno))")
        }
    }

    /// The major version that made the data, `nil` where there is none yet.
    func dataVersion() throws -> Int? {
        guard FileManager.default.fileExists(atPath: data) else { return nil }
        let text = try? String(contentsOfFile: "\(data)/PG_VERSION", encoding: .utf8)
        guard let version = text.flatMap({ Int($0.prefix(while: \.isNumber)) }) else {
            throw CheckpointError(
                "\(data) is not the data folder of a Postgres server: it has no PG_VERSION",
                hint: "move it away, and Rollcall makes a new one"
            )
        }
        return version
    }

    /// The last lines of the server's log.
    func logTail(lines: Int = 10) -> String {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return "" }
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }
}
