extension RunSession {
    /// Forgets the rows with these keys that were refused, those that are closed too.
    public func eraseRejects(_ keys: [String]) async throws {
        try await write(RunStatement.eraseRejects, [PostgresArray.literal(keys)])
    }
}
