/// Decides when the next request may start, from what the answers say about the rate limit; a value without clock or lock.
///
/// The limit is a number of requests in a fixed window, counted by the server for the token, other processes included.
/// A request under way may or may not be in the count that another answer reports, so it is taken as not: the limit is
/// never passed on this client's account. What starts before the first answer is not held back, as nothing is known then.
/// Instants are on the client's timeline.
struct RequestPacing {
    enum Admission: Equatable {
        /// The request counts as under way from now on.
        case start
        /// Ask again at this instant.
        case wait(until: Duration)
        /// Ask again after the next answer: those under way may use up the limit.
        case waitForAnswer
    }

    private struct Window {
        let allowed: Int
        var count: Int
        /// An upper bound, as the server rounds and the answer took its time; nil as long as no answer told of the window.
        var end: Duration?
    }

    /// Answers of the same window give ends that differ by rounding and by their time on the way.
    private static let endTolerance = Duration.seconds(5)

    private var window: Window?
    private var blockedUntil = Duration.zero
    private var underWay = 0

    /// Asks whether a request may start now.
    mutating func admit(now: Duration) -> Admission {
        guard now >= blockedUntil else { return .wait(until: blockedUntil) }
        if let window, let end = window.end, now >= end {
            self.window = Window(allowed: window.allowed, count: 0, end: nil)
        }
        if let window, window.count + underWay >= window.allowed {
            if underWay > 0 {
                return .waitForAnswer
            }
            if let end = window.end {
                return .wait(until: end)
            }
            // Only requests without an answer filled this window, so the count is a guess: one request will tell.
        }
        underWay += 1
        return .start
    }

    /// Takes the answer to a request that was started.
    mutating func answered(_ report: RateReport?, now: Duration) {
        guard let report else {
            ended()
            return
        }
        underWay -= 1
        let end = now + report.reset + roundingMargin
        if let known = window?.end, let count = window?.count, now < known, end < known + Self.endTolerance {
            // Answers overtake each other: within a window the count only grows.
            window = Window(allowed: report.allowed, count: max(count, report.count), end: min(known, end))
        } else {
            window = Window(allowed: report.allowed, count: report.count, end: end)
        }
    }

    /// Notes that a request has ended without a word on the limit; the server may have counted it.
    mutating func ended() {
        underWay -= 1
        window?.count += 1
    }

    /// Lets nothing start for as long as a 429 told, rounded up.
    mutating func blocked(for retryAfter: Duration, now: Duration) {
        blockedUntil = max(blockedUntil, now + retryAfter + roundingMargin)
    }
}
