internal import Synchronization

/// A count that a test can wait for.
final class Tally: Sendable {
    private struct State {
        var count = 0
        var waiting: [(goal: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func increment() {
        let reached = state.withLock { state in
            state.count += 1
            let reached = state.waiting.filter { $0.goal <= state.count }
            state.waiting.removeAll { $0.goal <= state.count }
            return reached
        }
        for waiter in reached {
            waiter.continuation.resume()
        }
    }

    func reaches(_ goal: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.count < goal {
                    state.waiting.append((goal, continuation))
                }
                return state.count >= goal
            }
            if isReached {
                continuation.resume()
            }
        }
    }
}
