internal import PostgresCheckpoints
internal import RollcallCore

extension StateStore {
    /// Runs `body` while this process has the pipeline; its checkpoint stays as it is.
    ///
    /// - Throws: what `body` throws; a `RollcallError` of the disposition `busy` where another process has the pipeline, and
    ///   where it is taken over, for which `body` is cancelled.
    func holding<Result: Sendable>(
        _ pipeline: String,
        for purpose: RunPurpose,
        _ body: @escaping @Sendable (RunSession) async throws -> Result
    ) async throws -> Result {
        let session = try await begin(pipeline: pipeline, for: purpose)
        do {
            let result = try await session.keepingLease { try await body(session) }
            try await session.finish(.released)
            return result
        } catch {
            let words = (error as? RollcallError)?.description ?? "stopped at once"
            // A store that cannot be reached cannot be told either; its lease ends by itself.
            try? await session.finish(.failed(words))
            throw error
        }
    }
}
