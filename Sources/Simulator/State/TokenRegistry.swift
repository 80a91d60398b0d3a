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
        var quietUntil = Duration.zero
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
        let admission = Admission(window: entry.window.admit(at: now), isEarly: now < entry.quietUntil)
        tokens[token] = entry
        return admission
    }

    /// Notes that a 429 asked the token to keep quiet.
    mutating func expectQuiet(from token: String, until end: Duration) {
        guard var entry = tokens[token] else { return }
        entry.quietUntil = max(entry.quietUntil, end)
        tokens[token] = entry
    }

    mutating func revoke(_ token: String) {
        tokens[token] = nil
    }
}
