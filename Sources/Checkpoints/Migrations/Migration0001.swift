extension Migration {
    static let runState = Migration(
        number: 1,
        name: "pipelines, runs, checkpoints, rejects and leases",
        sql: #"""
            CREATE TABLE rollcall.pipeline (
                id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL UNIQUE
            );

            CREATE TABLE rollcall.run (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                pipeline integer NOT NULL REFERENCES rollcall.pipeline,
                state text NOT NULL DEFAULT 'running'
                    CHECK (state IN ('running', 'done', 'stopped', 'failed', 'interrupted')),
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                ended_at timestamptz,
                error text,
                read bigint NOT NULL DEFAULT 0,
                filtered bigint NOT NULL DEFAULT 0,
                invalid bigint NOT NULL DEFAULT 0,
                duplicate bigint NOT NULL DEFAULT 0,
                unchanged bigint NOT NULL DEFAULT 0,
                delivered bigint NOT NULL DEFAULT 0,
                rejected bigint NOT NULL DEFAULT 0,
                CHECK ((state = 'running') = (ended_at IS NULL))
            );
            CREATE INDEX run_by_pipeline ON rollcall.run (pipeline, id);
            CREATE UNIQUE INDEX one_open_run_per_pipeline ON rollcall.run (pipeline) WHERE state = 'running';

            -- json, not jsonb: a position belongs to its source, which gets it back letter by letter.
            CREATE TABLE rollcall.checkpoint (
                pipeline integer NOT NULL REFERENCES rollcall.pipeline,
                partition text NOT NULL DEFAULT '',
                position json NOT NULL,
                run bigint REFERENCES rollcall.run,
                saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (pipeline, partition)
            );

            -- A key may be longer than an index entry can be, so its digest is what must be unique.
            CREATE TABLE rollcall.reject (
                pipeline integer NOT NULL REFERENCES rollcall.pipeline,
                stage text NOT NULL CHECK (stage IN ('invalid', 'rejected')),
                key text NOT NULL,
                key_digest bytea NOT NULL GENERATED ALWAYS AS (sha256(replace(key, E'\\', E'\\\\')::bytea)) STORED,
                code text NOT NULL,
                reason text NOT NULL,
                run bigint NOT NULL REFERENCES rollcall.run,
                attempts bigint NOT NULL,
                first_at timestamptz NOT NULL DEFAULT now(),
                last_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (pipeline, stage, key_digest)
            );
            CREATE INDEX reject_by_run ON rollcall.reject (pipeline, run);

            -- One row per pipeline, which stays; its token only grows. `has_lock`: the holder has the advisory lock too.
            CREATE TABLE rollcall.lease (
                pipeline integer PRIMARY KEY REFERENCES rollcall.pipeline,
                token bigint NOT NULL DEFAULT 0,
                holder text,
                has_lock boolean,
                run bigint REFERENCES rollcall.run,
                since timestamptz,
                expires_at timestamptz,
                CHECK (num_nulls(holder, has_lock, run, since, expires_at) IN (0, 5))
            );
            """#
    )
}
