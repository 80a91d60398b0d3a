internal import Synchronization

/// Runs attempts until one succeeds or the plan says to give up.
final class Retrier: Sendable {
    enum Attempt<Value> {
        case succeeded(Value)
        case failed(GenesysError, RetryPlan.Remedy)
    }

    private let settings: RetrySettings
    private let timeline: Timeline
    private let observer: GenesysObserver
    private let seeds: Mutex<SplitMix64>

    init(_ settings: RetrySettings, seed: UInt64, timeline: Timeline, observer: @escaping GenesysObserver) {
        self.settings = settings
        self.timeline = timeline
        self.observer = observer
        seeds = Mutex(SplitMix64(seed: seed))
    }

    /// Returns the first success; throws what an attempt throws, or the failure that was not worth another attempt.
    func run<Value>(_ attempt: () async throws -> Attempt<Value>) async throws -> Value {
        var plan = RetryPlan(settings, seed: seeds.withLock { $0.next() })
        while true {
            switch try await attempt() {
            case .succeeded(let value):
                return value
            case .failed(let error, let remedy):
                guard case .wait(let delay, let isAsked) = plan.failed(remedy) else { throw error }
                let retry = GenesysEvent.Retry(
                    operation: error.operation,
                    reason: error.summary,
                    delay: delay,
                    isAskedByServer: isAsked,
                    attempt: plan.attempt,
                    maximumAttempts: settings.maximumAttempts,
                    correlationID: error.correlationID
                )
                observer(.retrying(retry))
                try await timeline.sleep(until: timeline.now + delay)
            }
        }
    }
}
