/// A bearer token with the time from which on a new one is to be asked for.
struct AccessToken: Sendable, Equatable {
    let value: String
    /// On the client's timeline.
    let renewAt: Duration

    /// Renewal comes 60 s before the expiry, as in the vendor's SDK, but not before half of the lifetime is over.
    init(value: String, lifetime: Duration, now: Duration) {
        self.value = value
        renewAt = now + max(lifetime - .seconds(60), lifetime / 2)
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    var description: String { "<access token>" }

    /// Keeps the token out of `dump` and of test failures.
    var customMirror: Mirror { Mirror(self, children: ["renewAt": renewAt]) }
}
