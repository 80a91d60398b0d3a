internal import Foundation

/// The user a private server runs as when Rollcall runs as root, whom Postgres refuses to serve.
struct ServerAccount: Sendable {
    let name: String
    let userID: uid_t
    let groupID: gid_t
    /// `setpriv` or `runuser`, both part of util-linux, which is essential on Debian.
    private let launcher: String

    /// `nil` unless this process is root's: then its own user will do.
    static func forThisProcess() throws -> ServerAccount? {
        geteuid() == 0 ? try unprivileged() : nil
    }

    private static func unprivileged() throws -> ServerAccount {
        let launchers = ["/usr/bin/setpriv", "/usr/sbin/runuser", "/sbin/runuser"]
        guard let launcher = launchers.first(where: FileManager.default.isExecutableFile) else {
            throw CheckpointError(
                "Postgres cannot run as root, and none of \(launchers.joined(separator: ", ")) is here to change the user",
                hint: "run rollcall as an ordinary user, or install util-linux"
            )
        }
        for name in ["postgres", "nobody"] {
            guard let ids = lookUp(name) else { continue }
            return ServerAccount(name: name, userID: ids.user, groupID: ids.group, launcher: launcher)
        }
        throw CheckpointError(
            "Postgres cannot run as root, and there is neither a user postgres nor a user nobody to run it as",
            hint: "run rollcall as an ordinary user"
        )
    }

    private static func lookUp(_ name: String) -> (user: uid_t, group: gid_t)? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard let start = buffer.baseAddress,
                unsafe getpwnam_r(name, &entry, start, buffer.count, &found) == 0,
                unsafe found != nil
            else { return nil }
            return unsafe (entry.pw_uid, entry.pw_gid)
        }
    }

    /// The same command, run as this user.
    func wrapping(_ command: Command) -> Command {
        let change =
            launcher.hasSuffix("setpriv")
            ? ["--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups", "--"] : ["-u", name, "--"]
        return Command(executable: launcher, arguments: change + [command.executable] + command.arguments)
    }
}
