extension Migration {
    static let ledger = Migration(
        number: 2,
        name: "ledger, sweeps, removals and open rejects",
        sql: #"""
            -- The key of the digests in `ledger` and `reject`; two UUIDs of the server's strong random source make it.
            CREATE TABLE rollcall.install (
                is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
                digest_key bytea NOT NULL
            );
            INSERT INTO rollcall.install (digest_key)
            VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

            -- Parts of the ledger, each with many contacts; see LedgerSegment.
            CREATE TABLE rollcall.ledger (
                pipeline integer NOT NULL REFERENCES rollcall.pipeline,
                id bigint GENERATED ALWAYS AS IDENTITY,
                run bigint NOT NULL REFERENCES rollcall.run,
                -- Of the run, where the part is about one delivery; until that is confirmed, the part is pending.
                delivery integer,
                is_pending boolean NOT NULL DEFAULT false,
                entry_count integer NOT NULL,
                entries bytea NOT NULL,
                PRIMARY KEY (pipeline, id)
            );
            CREATE UNIQUE INDEX ledger_by_delivery ON rollcall.ledger (run, delivery) WHERE delivery IS NOT NULL;
            -- Digests do not compress.
            ALTER TABLE rollcall.ledger ALTER entries SET STORAGE EXTERNAL;

            -- Of what the ledger is: the destination's id, the settings that shape rows, the last complete pass over the source.
            -- `may_move`: a person has said that the next run may find another destination. `is_pass_open`: the last run has not come to
            -- the end of the source. `is_sweep_owed`: some pass from the beginning has not been made, or was of no consequence.
            ALTER TABLE rollcall.pipeline
                ADD destination text,
                ADD may_move boolean NOT NULL DEFAULT false,
                ADD fingerprint text,
                ADD swept_at timestamptz,
                ADD is_pass_open boolean NOT NULL DEFAULT false,
                ADD is_sweep_owed boolean NOT NULL DEFAULT false;

            ALTER TABLE rollcall.run
                ADD removed bigint NOT NULL DEFAULT 0,
                ADD remaining bigint NOT NULL DEFAULT 0;

            -- One row for a row of the source, whoever refused it; `key_values` finds it there again.
            DELETE FROM rollcall.reject AS older USING rollcall.reject AS newer
            WHERE older.pipeline = newer.pipeline AND older.key_digest = newer.key_digest
                AND (older.run, older.stage) < (newer.run, newer.stage);
            ALTER TABLE rollcall.reject DROP CONSTRAINT reject_pkey;
            ALTER TABLE rollcall.reject ADD PRIMARY KEY (pipeline, key_digest);
            ALTER TABLE rollcall.reject
                ADD key_values text[],
                ADD content bytea,
                ADD payload bytea,
                ADD closed_at timestamptz,
                ADD closed_by text CHECK (closed_by IN ('delivered', 'left', 'dropped')),
                ADD CHECK ((closed_at IS NULL) = (closed_by IS NULL));
            """#
    )
}
