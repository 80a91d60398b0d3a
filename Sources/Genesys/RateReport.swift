internal import CurlHTTP

/// What an answer says about the token's rate limit.
struct RateReport: Equatable {
    /// Requests counted in the present window, by whichever process uses the token.
    let count: Int
    /// Requests allowed in a window.
    let allowed: Int
    /// Time until the window ends.
    let reset: Duration

    init(count: Int, allowed: Int, reset: Duration) {
        self.count = count
        self.allowed = allowed
        self.reset = reset
    }

    /// Nil unless all three `inin-ratelimit-*` fields are there and make sense.
    init?(_ headers: HTTPHeaders) {
        guard let count = headers["inin-ratelimit-count"].flatMap({ Int($0) }), count >= 0,
            let allowed = headers["inin-ratelimit-allowed"].flatMap({ Int($0) }), allowed > 0,
            let reset = headers["inin-ratelimit-reset"].flatMap({ Int($0) }), reset >= 0
        else { return nil }
        self.init(count: count, allowed: allowed, reset: .seconds(reset))
    }
}

extension HTTPHeaders {
    /// The wait of a `Retry-After` in seconds; a date is not understood, the service does not send one.
    var retryAfter: Duration? {
        self["Retry-After"].flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
    }
}

/// What is added to a wait in whole seconds, because the server rounds it.
let roundingMargin = Duration.seconds(1)
