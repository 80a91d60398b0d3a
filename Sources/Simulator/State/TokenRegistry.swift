import Foundation

/// The tokens that were issued, with what the service remembers of each.
struct TokenRegistry: Sendable {
    /// What becomes of a request with a live token.
    struct Admission: Equatable {
        var window: RateWindow.Reading
        /// Whether it came before the wait was over that a 429 had asked of this token.
        var isEarly: Bool
    }

    private struct Token {
        let expires: Duration
        var window: RateWindow
        /// The wait that a 429 asked for; empty if none was.
        var quiet = Duration.zero..<Duration.zero
    }

    private var tokens: [String: Token] = [:]

    /// Makes a token that is good until `expires`, and forgets those that have expired.
    mutating func issue(at now: Duration, until expires: Duration, requestsPerMinute: Int) -> String {
        tokens = tokens.filter { $0.value.expires > now }
        let token = UUID().uuidString + UUID().uuidString
        tokens[token] = Token(expires: expires, window: RateWindow(allowed: requestsPerMinute))
        return token
    }

    /// Counts a request received at `now`; nil if the token is not, or no longer, good.
    mutating func admit(_ token: String, at now: Duration) -> Admission? {
        guard var entry = tokens[token], entry.expires > now else { return nil }
        let admission = Admission(window: entry.window.admit(at: now), isEarly: entry.quiet.contains(now))
        tokens[token] = entry
        return admission
    }

    /// Notes that a 429 asked the token to keep quiet.
    ///
    /// Requests that were received before it was sent are not early.
    mutating func expectQuiet(from token: String, during wait: Range<Duration>) {
        guard let quiet = tokens[token]?.quiet else { return }
        let isLonger = quiet.contains(wait.lowerBound)
        tokens[token]?.quiet = isLonger ? quiet.lowerBound..<max(quiet.upperBound, wait.upperBound) : wait
    }

    mutating func revoke(_ token: String) {
        tokens[token] = nil
    }
}
