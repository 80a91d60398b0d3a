internal import PostgresClient

extension StateStore {
    /// The last runs of a pipeline, or of all of them, newest first.
    public func runs(pipeline: String? = nil, limit: Int) async throws -> [RunRecord] {
        try await perform { connection in
            try await connection.query(
                """
                SELECT \(RunRecord.columns)
                FROM rollcall.run
                JOIN rollcall.pipeline ON pipeline.id = run.pipeline
                LEFT JOIN rollcall.lease ON lease.run = run.id
                WHERE run.purpose = 'sync' AND ($1::text IS NULL OR pipeline.name = $1)
                ORDER BY run.id DESC LIMIT $2
                """,
                [pipeline, String(limit)]
            ).map(RunRecord.init)
        }
    }

    /// How all pipelines stand that ever ran here, by name.
    public func statuses() async throws -> [PipelineStatus] {
        try await perform { connection in
            try await connection.query(
                """
                SELECT \(RunRecord.columns), \(Checkpoint.columns),
                       \(LeaseHolder.columns), \(LeaseHolder.isAlive) AS is_held,
                       (SELECT count(*) FROM rollcall.reject WHERE reject.pipeline = pipeline.id AND closed_at IS NULL) AS rejects
                FROM rollcall.pipeline
                JOIN rollcall.lease ON lease.pipeline = pipeline.id
                LEFT JOIN LATERAL (
                    SELECT * FROM rollcall.run WHERE run.pipeline = pipeline.id AND run.purpose = 'sync'
                    ORDER BY run.id DESC LIMIT 1
                ) AS run ON true
                LEFT JOIN rollcall.checkpoint ON checkpoint.pipeline = pipeline.id AND checkpoint.partition = ''
                ORDER BY pipeline.name
                """
            ).map(PipelineStatus.init)
        }
    }

    /// The rows of a pipeline that did not reach the list, those of the last run first, and of one run in the order of their keys,
    /// in which a number at the end counts as a number: `leads.csv:9` before `leads.csv:17`.
    ///
    /// With `run`, only those that this run was the last to refuse; with `closed`, also those that have reached it since.
    public func rejects(
        pipeline: String,
        run: Int? = nil,
        closed: Bool = false,
        limit: Int
    ) async throws -> [RejectRecord] {
        try await perform { connection in
            try await connection.query(
                """
                SELECT \(RejectRecord.columns)
                FROM rollcall.reject JOIN rollcall.pipeline ON pipeline.id = reject.pipeline
                WHERE pipeline.name = $1 AND ($2::bigint IS NULL OR reject.run = $2)
                    AND ($4::boolean OR reject.closed_at IS NULL)
                ORDER BY reject.run DESC, regexp_replace(reject.key, '[0-9]{1,18}$', '') COLLATE "C",
                    substring(reject.key FROM '[0-9]{1,18}$')::bigint, reject.key COLLATE "C"
                LIMIT $3
                """,
                [pipeline, run.map(String.init), String(limit), String(closed)]
            ).map(RejectRecord.init)
        }
    }

    /// The row of a pipeline with this key that did not reach the list, or, closed, has done so since; nil where there is none.
    public func reject(pipeline: String, key: String) async throws -> RejectRecord? {
        try await perform { connection in
            try await connection.query(
                """
                SELECT \(RejectRecord.columns)
                FROM rollcall.reject JOIN rollcall.pipeline ON pipeline.id = reject.pipeline
                WHERE pipeline.name = $1 AND reject.key = $2
                """,
                [pipeline, key.replacingNUL]
            ).first.map(RejectRecord.init)
        }
    }
}
