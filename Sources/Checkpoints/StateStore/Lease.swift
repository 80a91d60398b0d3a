internal import PostgresClient
internal import RollcallCore

/// A pipeline's row of `lease`, locked until the transaction ends.
///
/// Two things guard a pipeline. An advisory lock tells the living from the dead: the server frees it when its holder's
/// connection ends. The token in the row keeps the peace between the living: it grows with every new holder, and what
/// an earlier one still tries to write is refused. So a holder that has the lock but is suspended can be taken over
/// once its time has run out; the new one has no lock then, and nothing but its time shows that it lives, until it gets
/// the lock after all. The row comes before the lock, so that of several that want a free pipeline one gets both.
struct Lease {
    let token: Int
    private let holder: LeaseHolder?
    private let isExpired: Bool
    private let holderHasLock: Bool

    /// How long a holder may be silent; generous, since it costs time only where a process is suspended.
    static let duration = "60 seconds"

    /// The pipeline must have a row.
    init(lockingRowOf pipeline: Int, _ session: PostgresSession) throws {
        let rows = try session.query(
            """
            SELECT token, coalesce(has_lock, false) AS has_lock,
                   coalesce(expires_at <= clock_timestamp(), false) AS is_expired, \(LeaseHolder.columns)
            FROM rollcall.lease WHERE pipeline = $1 FOR UPDATE
            """,
            [String(pipeline)]
        )
        guard let row = rows.first else {
            throw PostgresError(.decoding, "pipeline number \(pipeline) has no row in rollcall.lease")
        }
        token = try row.value("token")
        holder = try LeaseHolder(row)
        isExpired = try row.value("is_expired")
        holderHasLock = try row.value("has_lock")
    }

    /// Makes sure that the lease may be taken, and says whether the advisory lock is ours then.
    ///
    /// `takeLock` is asked for it where it makes a difference. Throws a `RollcallError` of the disposition `busy` where
    /// the lease has a holder that may be alive.
    func claim(of pipeline: String, takeLock: () throws -> Bool) throws -> Bool {
        if let holder, !isExpired, !holderHasLock { throw RollcallError(pipeline, heldBy: holder) }
        let hasLock = try takeLock()
        if let holder, !isExpired, !hasLock { throw RollcallError(pipeline, heldBy: holder) }
        return hasLock
    }
}

extension RollcallError {
    init(_ pipeline: String, heldBy holder: LeaseHolder) {
        self.init(
            .busy,
            "pipeline \(pipeline) is held by \(holder)",
            hint: "wait until that run has ended; a process that died or hangs loses the pipeline within a minute"
        )
    }
}
