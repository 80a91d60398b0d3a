import GenesysSimulator
import Testing

@Suite struct RateLimitTests {
    private let path = "/api/v2/tokens/me"

    @Test func everyAnswerTellsTheWindow() async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
        } _: { _, client in
            let first = try await client.send(.get, path)
            clock.advance(by: .seconds(18))
            let missing = try await client.send(.get, "/api/v2/nothing")
            #expect(first.limits == ["1", "300", "60"])
            #expect(missing.limits == ["2", "300", "42"])
            #expect(missing.refusal == Refusal(404, "not.found"))
            #expect(missing.header("ININ-Correlation-Id") != first.header("ININ-Correlation-Id"))
        }
    }

    @Test func aRequestBeyondTheLimitIsToldWhenToComeBack() async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
            $0.requestsPerMinute = 2
        } _: { _, client in
            _ = try await client.send(.get, path)
            _ = try await client.send(.get, path)
            clock.advance(by: .milliseconds(18_500))
            let refused = try await client.send(.get, path)
            #expect(refused.refusal == Refusal(429, "too.many.requests.retry.after"))
            #expect(refused.header("Retry-After") == "42")
            #expect(refused["message"] == "Rate limit exceeded the maximum. Retry the request in [42] seconds")
            #expect(refused.limits == ["2", "2", "42"])
            clock.advance(by: .seconds(42))
            #expect(try await client.send(.get, path).status == 200)
        }
    }

    @Test func theWindowBelongsToTheToken() async throws {
        try await withSimulator {
            $0.requestsPerMinute = 1
        } _: { _, client in
            var other = client
            try await other.logIn()
            #expect(try await client.send(.get, path).status == 200)
            #expect(try await client.send(.get, path).status == 429)
            #expect(try await other.send(.get, path).status == 200)
        }
    }

    @Test func withoutALimitNoClientReachesIt() async throws {
        try await withSimulator {
            $0.requestsPerMinute = 0
        } _: { _, client in
            for _ in 0..<20 { _ = try await client.send(.get, path) }
            let answer = try await client.send(.get, path)
            #expect(answer.status == 200)
            #expect(answer.limits.dropLast() == ["21", "2147483647"])
        }
    }

    @Test func aRequestBeforeTheWaitIsOverIsEarly() async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
            $0.faults = [Fault(.tooManyRequests, count: 1, paths: .api, retryAfterSeconds: 5)]
        } _: { simulator, client in
            let refused = try await client.send(.get, path)
            #expect(refused.status == 429)
            #expect(refused.header("Retry-After") == "5")
            var other = client
            try await other.logIn()
            _ = try await other.send(.get, path)
            #expect(simulator.statistics.earlyRequests == 0)
            clock.advance(by: .milliseconds(4_999))
            _ = try await client.send(.get, path)
            #expect(simulator.statistics.earlyRequests == 1)
            clock.advance(by: .milliseconds(1))
            _ = try await client.send(.get, path)
            #expect(simulator.statistics.earlyRequests == 1)
        }
    }
}

extension Answer {
    /// The headers of the rate window: count, allowed, reset.
    fileprivate var limits: [String] {
        ["count", "allowed", "reset"].map { header("inin-ratelimit-\($0)") ?? "missing" }
    }
}
