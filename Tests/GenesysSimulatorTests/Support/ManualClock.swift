import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [(until: Instant, wake: AsyncStream<Void>.Continuation)] = []
    }

    private let state = Mutex(State())
    private let arrivals = AsyncStream<Void>.makeStream()

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (stream, wake) = AsyncStream<Void>.makeStream()
        let isOver = state.withLock { state in
            if deadline <= state.now { return true }
            state.sleepers.append((deadline, wake))
            return false
        }
        if isOver { return }
        arrivals.continuation.yield()
        for await _ in stream {}
        try Task.checkCancellation()
    }

    /// Returns when somebody has gone to sleep.
    func waitForSleeper() async {
        for await _ in arrivals.stream { return }
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let woken = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return woken
        }
        for sleeper in woken { sleeper.wake.finish() }
    }
}
