/// The clock of a client; instants are durations since the client was made.
///
/// So the types that decide about pacing, retries and tokens are plain values that no clock is a parameter of.
struct Timeline: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let wait: @Sendable (Duration) async throws -> Void

    init(_ clock: any Clock<Duration>) {
        self = Self.over(clock)
    }

    private init(
        elapsed: @escaping @Sendable () -> Duration,
        wait: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.elapsed = elapsed
        self.wait = wait
    }

    var now: Duration { elapsed() }

    /// Returns at that instant, or throws `CancellationError` when the task is cancelled before.
    func sleep(until instant: Duration) async throws {
        try await wait(instant)
    }

    private static func over<C: Clock>(_ clock: C) -> Timeline where C.Duration == Duration {
        let origin = clock.now
        return Timeline(
            elapsed: { origin.duration(to: clock.now) },
            wait: { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        )
    }
}
