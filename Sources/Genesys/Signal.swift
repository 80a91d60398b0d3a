internal import Synchronization

/// Tells waiting tasks that something has changed, and what came of it.
///
/// To miss no change, read `generation`, then look at the state in question, then wait for a change after that generation.
final class Signal<Outcome: Sendable>: Sendable {
    private struct State {
        var generation = 0
        var latest: Outcome?
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Outcome, any Error>] = [:]
    }

    private let state = Mutex(State())

    /// The number of changes so far.
    var generation: Int { state.withLock { $0.generation } }

    func notify(_ outcome: Outcome) {
        let waiting = state.withLock { state in
            let waiting = state.waiting.values
            state.generation += 1
            state.latest = outcome
            state.waiting = [:]
            return waiting
        }
        for continuation in waiting {
            continuation.resume(returning: outcome)
        }
    }

    /// The outcome of the next change, or of the latest if there was one after `generation`.
    ///
    /// Throws `CancellationError` when the task is cancelled before.
    func change(after generation: Int) async throws -> Outcome {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let known: Result<Outcome, any Error>? = state.withLock { state in
                    if let latest = state.latest, state.generation != generation {
                        return .success(latest)
                    }
                    // The handler below either ran before, then the task is cancelled, or will find the continuation.
                    if Task.isCancelled {
                        return .failure(CancellationError())
                    }
                    state.waiting[id] = continuation
                    return nil
                }
                if let known {
                    continuation.resume(with: known)
                }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
