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

    /// `$4` position, `$5`–`$13` balance, `$14` and `$15` a part of the ledger, `$16`–`$20` the parts of
    /// deliveries that may start then, `$21` deliveries that are confirmed.
    static let record = """
        WITH held AS (\(renewLease)),
        \(addUp)
        SELECT FROM held
        """

    /// As `record`, with rejects in `$22`–`$28`, and in `$29` and `$30` those that are closed: apart, because planning it takes
    /// twice as long.
    ///
    /// Of the rejects with one key, the last one's code and reason are kept.
    static let recordWithRejects = """
        WITH held AS (\(renewLease)),
        \(addUp),
        kept AS (
            INSERT INTO rollcall.reject AS reject
                (pipeline, run, stage, key, code, reason, key_values, content, payload, attempts)
            SELECT DISTINCT ON (key)
                held.pipeline, held.run, stage, key, code, reason, key_values::text[], content, payload,
                count(*) OVER (PARTITION BY key)
            FROM held, unnest($22::text[], $23::text[], $24::text[], $25::text[], $26::text[], $27::bytea[], $28::bytea[])
                WITH ORDINALITY AS row (stage, key, code, reason, key_values, content, payload, place)
            ORDER BY key, place DESC
            ON CONFLICT (pipeline, key_digest) DO UPDATE SET
                run = excluded.run, stage = excluded.stage, code = excluded.code, reason = excluded.reason,
                key_values = excluded.key_values, content = excluded.content, payload = excluded.payload,
                attempts = excluded.attempts + CASE WHEN reject.closed_at IS NULL THEN reject.attempts ELSE 0 END,
                first_at = CASE WHEN reject.closed_at IS NULL THEN reject.first_at ELSE excluded.first_at END,
                last_at = excluded.last_at, closed_at = NULL, closed_by = NULL
        ),
        closed AS (
            UPDATE rollcall.reject SET closed_at = clock_timestamp(), closed_by = row.reason, payload = NULL
            FROM held, unnest($29::text[], $30::text[]) AS row (key, reason)
            WHERE reject.pipeline = held.pipeline AND reject.closed_at IS NULL
                AND reject.key_digest = sha256(replace(row.key, E'\\\\', E'\\\\\\\\')::bytea)
        )
        SELECT FROM held
        """

    /// `$4` and `$5` a part of the ledger.
    static let appendLedger = """
        WITH held AS (\(renewLease)),
        written AS (\(insertLedger(count: "$4", entries: "$5")))
        SELECT FROM held
        """

    /// `$4` delivery, `$5` and `$6` what it turned out to be.
    static let correctLedger = """
        WITH held AS (\(renewLease)),
        corrected AS (
            UPDATE rollcall.ledger SET is_pending = false, entry_count = $5::integer, entries = $6::bytea
            FROM held WHERE ledger.run = held.run AND ledger.delivery = $4::integer
        )
        SELECT FROM held
        """

    /// `$4` destination, `$5` fingerprint, `$6` whether the checkpoint is forgotten, `$7` whether the ledger is, `$8`
    /// whether the pass is to see everything.
    static let beginPass = """
        WITH held AS (\(renewLease)),
        named AS (
            UPDATE rollcall.pipeline SET destination = $4, may_move = false, fingerprint = $5,
                is_sweep_owed = is_sweep_owed OR $8::boolean,
                swept_at = CASE WHEN $7::boolean THEN NULL ELSE swept_at END
            FROM held WHERE pipeline.id = held.pipeline
        ),
        moved AS (
            DELETE FROM rollcall.checkpoint USING held WHERE checkpoint.pipeline = held.pipeline AND $6::boolean
        ),
        emptied AS (
            DELETE FROM rollcall.ledger USING held WHERE ledger.pipeline = held.pipeline AND $7::boolean
        )
        SELECT FROM held
        """

    /// `$4` and `$5` lists of parts, in place of the whole ledger.
    static let replaceLedger = """
        WITH held AS (\(renewLease)),
        emptied AS (DELETE FROM rollcall.ledger USING held WHERE ledger.pipeline = held.pipeline),
        written AS (
            INSERT INTO rollcall.ledger (pipeline, run, entry_count, entries)
            SELECT held.pipeline, held.run, entry_count, entries
            FROM held, unnest($4::integer[], $5::bytea[]) AS part (entry_count, entries)
        )
        SELECT FROM held
        """

    /// `$4` the keys of rejects that are forgotten, closed ones too.
    static let eraseRejects = """
        WITH held AS (\(renewLease)),
        erased AS (
            DELETE FROM rollcall.reject USING held
            WHERE reject.pipeline = held.pipeline AND reject.key = ANY ($4::text[])
        )
        SELECT FROM held
        """

    private static let addUp = """
        moved AS (\(moveCheckpoint(to: "$4", where: "$4::json IS NOT NULL"))),
        counted AS (
            UPDATE rollcall.run SET
                read = read + $5, filtered = filtered + $6, invalid = invalid + $7, duplicate = duplicate + $8,
                unchanged = unchanged + $9, delivered = delivered + $10, rejected = rejected + $11,
                removed = removed + $12, remaining = remaining + $13
            FROM held WHERE run.id = held.run
        ),
        written AS (\(insertLedger(count: "$14", entries: "$15"))),
        announced AS (
            INSERT INTO rollcall.ledger (pipeline, run, delivery, is_pending, entry_count, entries)
            SELECT held.pipeline, held.run, delivery, true, entry_count, substring($20::bytea FROM start FOR length)
            FROM held, unnest($16::integer[], $17::integer[], $18::integer[], $19::integer[])
                AS part (delivery, entry_count, start, length)
        ),
        confirmed AS (
            UPDATE rollcall.ledger SET is_pending = false
            FROM held WHERE ledger.run = held.run AND ledger.delivery = ANY ($21::integer[])
        )
        """

    private static func insertLedger(count: String, entries: String) -> String {
        """
        INSERT INTO rollcall.ledger (pipeline, run, entry_count, entries)
        SELECT pipeline, run, \(count)::integer, \(entries)::bytea FROM held WHERE \(count)::integer IS NOT NULL
        """
    }

    /// `$4` state, `$5` error, `$6` next position, `$7` whether the run saw the whole source, `$8` whether the
    /// next one starts at that position, or without one at the beginning, `$9` whether it saw everything to no consequence, `$10`
    /// whether a pass is open now, where this run has not changed that.
    static let finish = """
        WITH held AS (
            UPDATE rollcall.lease SET holder = NULL, has_lock = NULL, run = NULL, since = NULL, expires_at = NULL
            WHERE pipeline = $1 AND token = $2 AND run = $3
            RETURNING pipeline, $3::bigint AS run
        ),
        moved AS (\(moveCheckpoint(to: "$6", where: "$8::boolean AND $6::json IS NOT NULL"))),
        cleared AS (
            DELETE FROM rollcall.checkpoint USING held
            WHERE checkpoint.pipeline = held.pipeline AND $8::boolean AND $6::json IS NULL
        ),
        swept AS (
            UPDATE rollcall.pipeline SET
                swept_at = CASE WHEN $7::boolean THEN clock_timestamp() ELSE swept_at END,
                is_pass_open = coalesce($10::boolean, is_pass_open AND NOT $8::boolean),
                is_sweep_owed = (is_sweep_owed OR $9::boolean) AND NOT $7::boolean
            FROM held WHERE pipeline.id = held.pipeline
        ),
        pruned AS (
            DELETE FROM rollcall.reject USING held
            WHERE reject.pipeline = held.pipeline AND reject.closed_at < clock_timestamp() - interval '90 days'
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
