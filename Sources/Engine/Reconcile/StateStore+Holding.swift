internal import PostgresCheckpoints
internal import RollcallCore

extension StateStore {
    private static let leaseRenewalInterval = Duration.seconds(15)

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
            let result = try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask { try await body(session) }
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.leaseRenewalInterval)
                        try await session.renewLease()
                    }
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let result = first else { throw CancellationError() }
                return result
            }
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
