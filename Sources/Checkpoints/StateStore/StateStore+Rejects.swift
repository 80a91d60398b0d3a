internal import PostgresClient

extension StateStore {
    /// Closes open rejects of a pipeline as dropped, and forgets their rows; all of them, where no keys are given.
    ///
    /// - Returns: The keys of those that were open.
    /// - Throws: a `RollcallError` of the disposition `busy` while a run has the pipeline.
    public func dropRejects(pipeline: String, keys: [String]?) async throws -> [String] {
        try await changeRejects(
            pipeline,
            keys,
            "closed_at = clock_timestamp(), closed_by = 'dropped', payload = NULL"
        )
    }

    /// Has the next run try open rejects of a pipeline again, however often they were refused; all of them, where no keys are
    /// given.
    ///
    /// - Returns: The keys of those that are open.
    /// - Throws: a `RollcallError` of the disposition `busy` while a run has the pipeline.
    public func retryRejects(pipeline: String, keys: [String]?) async throws -> [String] {
        try await changeRejects(pipeline, keys, "attempts = 0, content = NULL")
    }

    private func changeRejects(_ pipeline: String, _ keys: [String]?, _ change: String) async throws -> [String] {
        // A name that is misspelt must not become a pipeline.
        guard try await !rejects(pipeline: pipeline, limit: 1).isEmpty else { return [] }
        return try await self.change(pipeline) { number, session in
            try session.query(
                """
                UPDATE rollcall.reject SET \(change)
                WHERE pipeline = $1 AND closed_at IS NULL AND ($2::text[] IS NULL OR key = ANY ($2::text[]))
                RETURNING key
                """,
                [number, keys.map { PostgresArray.literal($0) }]
            ).map { try $0.value("key") }
        }
    }
}
