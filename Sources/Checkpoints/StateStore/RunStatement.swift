/// What a run writes: each one statement, so one round trip and one transaction.
///
/// All begin with the pipeline's number, the token and the run, and return a row only where the token is still the
/// lease's. `held` locks the lease's row, and where it waits for another writer of it, goes by what that one committed;
/// all else hangs on the row that `held` returns. So whoever holds a token that is no longer valid changes nothing,
/// however late it comes.
enum RunStatement {
    /// Who took over from a suspended process, and so has no lock, gets it here once that one is gone.
    static let renewLease = """
        UPDATE rollcall.lease SET expires_at = clock_timestamp() + interval '\(Lease.duration)',
            has_lock = CASE WHEN has_lock THEN true ELSE pg_try_advisory_lock(\(AdvisoryLock.family), pipeline) END
        WHERE pipeline = $1 AND token = $2 AND run = $3
        RETURNING pipeline, run
        """

    /// `$4` position, `$5`–`$11` balance.
    static let record = """
        WITH held AS (\(renewLease)),
        \(addUp)
        SELECT FROM held
        """

    /// As `record`, with rejects in `$12`–`$15`: apart, because planning it takes twice as long.
    ///
    /// Of the rejects with one key and stage, the last one's code and reason are kept.
    static let recordWithRejects = """
        WITH held AS (\(renewLease)),
        \(addUp),
        kept AS (
            INSERT INTO rollcall.reject AS reject (pipeline, run, stage, key, code, reason, attempts)
            SELECT DISTINCT ON (stage, key)
                held.pipeline, held.run, stage, key, code, reason, count(*) OVER (PARTITION BY stage, key)
            FROM held, unnest($12::text[], $13::text[], $14::text[], $15::text[])
                WITH ORDINALITY AS row (stage, key, code, reason, place)
            ORDER BY stage, key, place DESC
            ON CONFLICT (pipeline, stage, key_digest) DO UPDATE SET
                run = excluded.run, code = excluded.code, reason = excluded.reason,
                attempts = reject.attempts + excluded.attempts, last_at = excluded.last_at
        )
        SELECT FROM held
        """

    private static let addUp = """
        moved AS (\(moveCheckpoint(to: "$4", where: "$4::json IS NOT NULL"))),
        counted AS (
            UPDATE rollcall.run SET
                read = read + $5, filtered = filtered + $6, invalid = invalid + $7, duplicate = duplicate + $8,
                unchanged = unchanged + $9, delivered = delivered + $10, rejected = rejected + $11
            FROM held WHERE run.id = held.run
        )
        """

    /// `$4` state, `$5` error, `$6` next position.
    static let finish = """
        WITH held AS (
            UPDATE rollcall.lease SET holder = NULL, has_lock = NULL, run = NULL, since = NULL, expires_at = NULL
            WHERE pipeline = $1 AND token = $2 AND run = $3
            RETURNING pipeline, $3::bigint AS run
        ),
        moved AS (\(moveCheckpoint(to: "$6", where: "$4 = 'done' AND $6::json IS NOT NULL"))),
        cleared AS (
            DELETE FROM rollcall.checkpoint USING held
            WHERE checkpoint.pipeline = held.pipeline AND $4 = 'done' AND $6::json IS NULL
        ),
        closed AS (
            UPDATE rollcall.run SET state = $4, error = $5, ended_at = clock_timestamp()
            FROM held WHERE run.id = held.run
        )
        SELECT FROM held
        """

    private static func moveCheckpoint(to position: String, where condition: String) -> String {
        """
        INSERT INTO rollcall.checkpoint (pipeline, position, run)
        SELECT pipeline, \(position)::json, run FROM held WHERE \(condition)
        ON CONFLICT (pipeline, partition)
        DO UPDATE SET position = excluded.position, run = excluded.run, saved_at = excluded.saved_at
        """
    }
}
