extension GenesysClient {
    /// How long the service may take over work that it does after its answer.
    private static let maximumWait = Duration.seconds(1_800)
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(5)

    /// Asks until there is a value: first after a second, then every five.
    ///
    /// - Throws: what `ask` throws, or a `GenesysError` of kind `unavailable` after half an hour.
    func poll<Value>(_ operation: String, _ ask: () async throws -> Value?) async throws -> Value {
        let end = timeline.now + Self.maximumWait
        var pause = Self.firstPause
        while timeline.now < end {
            try await timeline.sleep(until: timeline.now + pause)
            if let value = try await ask() {
                return value
            }
            pause = min(pause + .seconds(1), Self.longestPause)
        }
        throw GenesysError(
            operation: operation,
            kind: .unavailable,
            message: "the service took it on, but was not done after \(inSeconds(Self.maximumWait))",
            hint: "try again later",
            mayHaveTakenEffect: true
        )
    }
}
