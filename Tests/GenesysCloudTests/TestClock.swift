import Synchronization

/// A clock that stands still until the test moves it, or that jumps to the end of every sleep at once.
final class TestClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (first: Instant, second: Instant) -> Bool { first.offset < second.offset }
    }

    private struct Sleeper {
        let end: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Duration.zero
        var sleeps: [Duration] = []
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let jumps: Bool

    init(jumps: Bool) {
        self.jumps = jumps
    }

    var now: Instant { Instant(offset: state.withLock { $0.now }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// How long each sleep was to be, in the order in which they began.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.sleeps.append(deadline.offset - state.now)
            state.nextID += 1
            return state.nextID
        }
        if jumps {
            state.withLock { $0.now = max($0.now, deadline.offset) }
            return
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let reached = state.withLock { state in
                    if Task.isCancelled || deadline.offset <= state.now {
                        continuation.resume(with: Result { try Task.checkCancellation() })
                        return [CheckedContinuation<Void, Never>]()
                    }
                    state.sleepers[id] = Sleeper(end: deadline.offset, continuation: continuation)
                    let reached = state.watchers.filter { $0.count <= state.sleepers.count }.map(\.continuation)
                    state.watchers.removeAll { $0.count <= state.sleepers.count }
                    return reached
                }
                for watcher in reached {
                    watcher.resume()
                }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let woken = state.sleepers.filter { $0.value.end <= state.now }
            for id in woken.keys {
                state.sleepers[id] = nil
            }
            return woken.values.map(\.continuation)
        }
        for continuation in woken {
            continuation.resume()
        }
    }

    /// Waits until this many tasks sleep at the same time.
    func sleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count < count {
                    state.watchers.append((count, continuation))
                }
                return state.sleepers.count >= count
            }
            if isReached {
                continuation.resume()
            }
        }
    }
}
