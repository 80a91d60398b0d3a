internal import CurlHTTP
internal import Synchronization

/// Holds back the requests of a client, all of them alike, until the rate limit lets them start.
final class PacingGate: Sendable {
    private struct State {
        var pacing = RequestPacing()
        /// The latest instant that the observer was told of.
        var announced = Duration.zero
    }

    private let state = Mutex(State())
    private let answers = Signal<Void>()
    private let maximumWait: Duration
    private let timeline: Timeline
    private let observer: GenesysObserver

    init(maximumWait: Duration, timeline: Timeline, observer: @escaping GenesysObserver) {
        self.maximumWait = maximumWait
        self.timeline = timeline
        self.observer = observer
    }

    /// Waits until a request may start; the caller then owes exactly one call of `leave`.
    ///
    /// Throws a `GenesysError` of kind `unavailable` if the server wants a longer wait than we have the patience for.
    func enter(for operation: String) async throws {
        while true {
            let generation = answers.generation
            let now = timeline.now
            switch state.withLock({ $0.pacing.admit(now: now) }) {
            case .start:
                return
            case .wait(let instant) where instant - now > maximumWait:
                throw GenesysError(
                    operation: operation,
                    kind: .unavailable,
                    message: "the rate limit is reached, and the server wants a wait of \(inSeconds(instant - now))",
                    hint: "try again after that time"
                )
            case .wait(let instant):
                announce(instant, now: now)
                try await timeline.sleep(until: instant)
            case .waitForAnswer:
                try await answers.change(after: generation)
            }
        }
    }

    /// Takes the answer to a request, or nil if there was none.
    func leave(_ answer: HTTPResponse?) {
        let now = timeline.now
        state.withLock { state in
            state.pacing.answered(answer.flatMap { RateReport($0.headers) }, now: now)
            if answer?.status == 429, let retryAfter = answer?.headers.retryAfter {
                state.pacing.blocked(for: retryAfter, now: now)
            }
        }
        answers.notify(())
    }

    /// Tells the observer of each pause once, however many requests wait for its end.
    private func announce(_ instant: Duration, now: Duration) {
        let isNews = state.withLock { state in
            let isNews = instant > state.announced
            state.announced = max(instant, state.announced)
            return isNews
        }
        if isNews {
            observer(.pausing(instant - now))
        }
    }
}
