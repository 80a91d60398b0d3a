/// The fixed window in which the requests of one token are counted; it opens with the first request after the last one
/// has passed.
struct RateWindow: Sendable {
    /// What a request is told about the window, in its answer's headers.
    struct Reading: Equatable {
        var count: Int
        var allowed: Int
        /// Whole seconds until the window closes, rounded up.
        var reset: Int
        var admitted: Bool
    }

    static let length = Duration.seconds(60)

    private let allowed: Int
    private var closes = Duration.zero
    private var count = 0

    /// A window for so many requests; 0 admits all, and says so with a limit no client can reach.
    init(allowed: Int) {
        self.allowed = allowed == 0 ? Int(Int32.max) : allowed
    }

    /// Counts a request received at `now`; one that is refused does not count.
    mutating func admit(at now: Duration) -> Reading {
        if now >= closes {
            closes = now + Self.length
            count = 0
        }
        let admitted = count < allowed
        if admitted { count += 1 }
        let reset = Int(((closes - now) / .seconds(1)).rounded(.up))
        return Reading(count: count, allowed: allowed, reset: reset, admitted: admitted)
    }
}
