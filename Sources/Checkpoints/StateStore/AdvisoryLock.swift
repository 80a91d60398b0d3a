internal import PostgresClient

/// A lock by number, which the server frees as soon as the connection that holds it ends, however it ends.
///
/// Two numbers name it: one for all locks of Rollcall, one for what is locked.
struct AdvisoryLock: Sendable {
    /// `roll` in ASCII; other programs that use advisory locks in this database are unlikely to have chosen it.
    static let family = 0x726F_6C6C

    private let number: Int

    /// The pipelines' numbers start at 1.
    static let migrations = AdvisoryLock(number: 0)

    static func pipeline(_ id: Int) -> AdvisoryLock { AdvisoryLock(number: id) }

    private var keys: [String] { [String(Self.family), String(number)] }

    func waitUntilEndOfTransaction(_ session: PostgresSession) throws {
        try session.query("SELECT pg_advisory_xact_lock($1, $2)", keys)
    }

    /// Whether the lock could be had, until the transaction ends.
    func tryUntilEndOfTransaction(_ session: PostgresSession) throws -> Bool {
        try isObtained(session.query("SELECT pg_try_advisory_xact_lock($1, $2) AS obtained", keys))
    }

    /// Whether the lock could be had, until the connection ends, even if the transaction fails.
    func tryUntilEndOfConnection(_ session: PostgresSession) throws -> Bool {
        try isObtained(session.query("SELECT pg_try_advisory_lock($1, $2) AS obtained", keys))
    }

    private func isObtained(_ answer: PostgresRows) throws -> Bool {
        try answer.first?.value("obtained") ?? false
    }
}
