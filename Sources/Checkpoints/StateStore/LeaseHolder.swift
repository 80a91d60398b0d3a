public import Foundation
internal import PostgresClient

/// The process that runs a pipeline, so that no other may.
public struct LeaseHolder: Sendable, Hashable {
    /// `PID 42 on host x`.
    public let name: String
    public let run: Int
    public let since: Date
    /// From then on the process counts as suspended, and another may take over.
    public let expires: Date
}

extension LeaseHolder: CustomStringConvertible {
    public var description: String { "\(name) since \(since.formatted(.iso8601)) (run \(run))" }
}

extension LeaseHolder {
    /// How this process calls itself.
    static let nameOfThisProcess = "PID \(ProcessInfo.processInfo.processIdentifier) on host \(hostName())"

    /// The kernel's name of the host; `ProcessInfo` would ask the network for one.
    private static func hostName() -> String {
        // POSIX allows 255 characters; the last element stays the NUL.
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// What `init(_:)` reads.
    static let columns = """
        lease.holder, lease.run AS lease_run, extract(epoch FROM lease.since) AS since,
        extract(epoch FROM lease.expires_at) AS expires
        """

    /// SQL for whether a row of `lease` has a holder that is not known to be dead: its lock shows it, or, where it took
    /// over from a suspended process that has the lock, the time for which it vouched.
    static let isAlive = """
        CASE WHEN lease.has_lock THEN EXISTS (
            SELECT FROM pg_catalog.pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2
                AND classid = \(AdvisoryLock.family) AND objid = lease.pipeline::oid
                AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        ) ELSE coalesce(lease.expires_at > clock_timestamp(), false) END
        """

    /// Nil where the lease is free.
    init?(_ row: PostgresRow) throws {
        guard let name = try row["holder"] else { return nil }
        self.name = name
        run = try row.value("lease_run")
        since = try row.time("since")
        expires = try row.time("expires")
    }
}
