import HTTPTestSupport
import Synchronization
import Testing

@testable import GenesysCloud

@Suite struct TokenKeeperTests {
    private func token(_ name: String, lifetime: Duration = .seconds(300), now: Duration = .zero) -> AccessToken {
        AccessToken(value: name, lifetime: lifetime, now: now)
    }

    @Test func oneFetchesAndTheOthersWait() {
        var cache = TokenCache()
        #expect(cache.next(now: .zero, refused: nil) == .fetch)
        #expect(cache.next(now: .zero, refused: nil) == .wait)
        cache.fetched(token("a"))
        #expect(cache.next(now: .seconds(239), refused: nil) == .use(token("a")))
        #expect(cache.next(now: .seconds(240), refused: nil) == .fetch)
        cache.gaveUp()
        #expect(cache.next(now: .seconds(240), refused: nil) == .fetch)
    }

    @Test func aRefusedTokenIsNotGivenOutAgain() {
        var cache = TokenCache()
        _ = cache.next(now: .zero, refused: nil)
        cache.fetched(token("a"))
        #expect(cache.next(now: .zero, refused: token("a")) == .fetch)
        #expect(cache.next(now: .zero, refused: token("a")) == .wait)
        cache.fetched(token("b"))
        #expect(cache.next(now: .zero, refused: token("a")) == .use(token("b")))
    }

    @Test func aShortLivedTokenIsUsedForHalfOfItsLife() {
        #expect(token("a", lifetime: .seconds(10), now: .seconds(5)).renewAt == .seconds(10))
    }

    @Test func aTokenDoesNotShowItsValue() {
        var dumped = ""
        dump(token("secret"), to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect(!"\(token("secret"))".contains("secret"))
    }

    /// The one who fetches is asked to stop: the next in line fetches, nobody else notices.
    @Test func aCancelledFetchIsTakenOver() async throws {
        let fetches = Mutex(0)
        let clock = TestClock(jumps: false)
        let timeline = Timeline(clock)
        let keeper = TokenKeeper(timeline: timeline) {
            let number = fetches.withLock { fetches in
                fetches += 1
                return fetches
            }
            if number == 1 {
                try await timeline.sleep(until: .seconds(60))
            }
            return AccessToken(value: "token-\(number)", lifetime: .seconds(300), now: .zero)
        }
        let first = Task { try await keeper.token() }
        await clock.sleepers(1)
        let others = (0..<5).map { _ in Task { try await keeper.token() } }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        for other in others {
            #expect(try await other.value.value == "token-2")
        }
        #expect(fetches.withLock { $0 } == 2)
    }
}
