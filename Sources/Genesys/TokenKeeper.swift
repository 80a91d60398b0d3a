internal import Synchronization

/// Holds the one token that all requests of a client share, and fetches it once for all that wait for it.
final class TokenKeeper: Sendable {
    private let cache = Mutex(TokenCache())
    /// Success means "look again", failure is what the fetch for all ended with.
    private let done = Signal<Result<Void, any Error>>()
    private let timeline: Timeline
    private let fetch: @Sendable () async throws -> AccessToken

    init(timeline: Timeline, fetch: @escaping @Sendable () async throws -> AccessToken) {
        self.timeline = timeline
        self.fetch = fetch
    }

    /// A token that is valid as far as known, and is not the refused one.
    func token(insteadOf refused: AccessToken? = nil) async throws -> AccessToken {
        while true {
            let generation = done.generation
            switch cache.withLock({ $0.next(now: timeline.now, refused: refused) }) {
            case .use(let token):
                return token
            case .fetch:
                return try await fetchForAll()
            case .wait:
                try await done.change(after: generation).get()
            }
        }
    }

    private func fetchForAll() async throws -> AccessToken {
        do {
            let token = try await fetch()
            cache.withLock { $0.fetched(token) }
            done.notify(.success(()))
            return token
        } catch {
            cache.withLock { $0.gaveUp() }
            // That this task was asked to stop is no reason for the others: one of them fetches instead.
            done.notify(error is CancellationError ? .success(()) : .failure(error))
            throw error
        }
    }
}
