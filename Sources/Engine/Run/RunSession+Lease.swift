internal import PostgresCheckpoints

extension RunSession {
    private static let leaseRenewalInterval = Duration.seconds(15)

    /// Runs `body` while the lease is renewed; `body` is cancelled when it is lost.
    ///
    /// - Throws: what `body` throws, or that the pipeline was taken over.
    func keepingLease<Result: Sendable>(
        while body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { try await self.renewLeaseForEver() }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw CancellationError() }
            return result
        }
    }

    /// Renews the lease until the task is cancelled or the lease is lost.
    func renewLeaseForEver() async throws -> Never {
        while true {
            try await Task.sleep(for: Self.leaseRenewalInterval)
            try await renewLease()
        }
    }
}
