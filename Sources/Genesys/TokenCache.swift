/// Decides who fetches a token and who waits for it; a value without clock or network.
struct TokenCache {
    enum Step: Equatable {
        case use(AccessToken)
        /// The caller fetches, and then calls `fetched` or `gaveUp`.
        case fetch
        /// Someone else is fetching.
        case wait
    }

    private var token: AccessToken?
    private var isFetching = false

    /// What a request that needs a token now has to do; `refused` is the token that the server did not accept from it.
    mutating func next(now: Duration, refused: AccessToken?) -> Step {
        if let token, token != refused, now < token.renewAt {
            return .use(token)
        }
        if isFetching {
            return .wait
        }
        isFetching = true
        return .fetch
    }

    mutating func fetched(_ token: AccessToken) {
        self.token = token
        isFetching = false
    }

    mutating func gaveUp() {
        isFetching = false
    }
}
