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
        guard let count = headers.count("inin-ratelimit-count"),
            let allowed = headers.count("inin-ratelimit-allowed"), allowed > 0,
            let reset = headers.count("inin-ratelimit-reset")
        else { return nil }
        self.init(count: count, allowed: allowed, reset: .seconds(reset))
    }
}

extension HTTPHeaders {
    /// The wait of a `Retry-After` in seconds; a date is not understood, the service does not send one.
    var retryAfter: Duration? {
        count("Retry-After").map { .seconds($0) }
    }

    /// The field as a number that sums of several cannot overflow.
    fileprivate func count(_ name: String) -> Int? {
        self[name].flatMap { UInt32($0) }.map { Int($0) }
    }
}

/// What is added to a wait in whole seconds, because the server rounds it.
let roundingMargin = Duration.seconds(1)
