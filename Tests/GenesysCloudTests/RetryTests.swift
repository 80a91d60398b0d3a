import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct RetryTests {
    private let answer = Reply(200, "{}")

    @Test(arguments: [408, 502, 503, 504])
    func aPassingFailureIsRepeated(status: Int) async throws {
        let genesys = try FakeGenesys(Reply(status, "<html>busy</html>"), Reply(status), answer)
        let clock = TestClock(jumps: true)
        let log = EventLog()
        _ = try await genesys.client(clock: clock, observer: log.observer).currentToken()
        #expect(genesys.calls.count == 3)
        #expect(clock.sleeps.count == 2)
        #expect(log.events.count == 3)
        #expect(log.texts[1].contains("(attempt 2 of 8)"))
        #expect(log.texts[2].contains("(attempt 3 of 8)"))
    }

    @Test(arguments: [400, 403, 404, 409, 413, 415, 500, 501])
    func aLastingFailureIsNotRepeated(status: Int) async throws {
        let genesys = try FakeGenesys(Reply(status))
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        let error = try await failure { try await client.currentToken() }
        #expect(error.status == status)
        #expect(genesys.calls.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func cutConnectionsAndTimeoutsAreRepeated() async throws {
        let genesys = try FakeGenesys(.cut, .cutInBody(of: #"{"organization":null}"#), .silence, answer)
        let client = try genesys.client(requestTimeout: .milliseconds(500))
        _ = try await client.currentToken()
        // More where the machine is so busy that a good answer is late.
        #expect(genesys.calls.count >= 4)
    }

    @Test func attemptsAreLimited() async throws {
        let genesys = try FakeGenesys(
            Reply(503, headers: [("ININ-Correlation-Id", "1f3c-9")], #"{"code":"service.unavailable"}"#)
        )
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock, retry: RetrySettings(maximumAttempts: 3))
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == .unavailable)
        #expect(error.correlationID == "1f3c-9")
        #expect(genesys.calls.count == 3)
        #expect(clock.sleeps.count == 2)
    }

    @Test func aServerThatCannotBeReachedIsATransportFailure() async throws {
        let genesys = try FakeGenesys(answer)
        let client = try genesys.client(retry: RetrySettings(maximumAttempts: 2))
        genesys.server.stop()
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == .transport)
        #expect(error.status == nil)
        #expect(!error.mayHaveTakenEffect)
    }

    @Test func a429IsWaitedOutAsTheServerAskedAndAnnounced() async throws {
        let genesys = try FakeGenesys(
            Reply(
                429,
                headers: [("ININ-Correlation-Id", "1f3c"), ("Retry-After", "30")],
                #"{"code":"too.many.requests.retry.after","status":429}"#
            ),
            answer
        )
        let clock = TestClock(jumps: true)
        let log = EventLog()
        _ = try await genesys.client(clock: clock, observer: log.observer).currentToken()
        #expect(clock.now.offset == .seconds(31))
        #expect(
            log.texts == [
                "got an access token",
                "reading the token's details: 429 Too Many Requests, retrying in 31 s as the server asked "
                    + "(attempt 1 of 8, request 1f3c)",
            ]
        )
    }

    @Test func a429HoldsBackEveryRequestUntilTheToldTime() async throws {
        let genesys = try FakeGenesys { number, _ in
            number == 0 ? Reply(429, headers: [("Retry-After", "30")]) : Reply(200, "{}")
        }
        let clock = TestClock(jumps: false)
        let log = EventLog()
        let client = try genesys.client(clock: clock, observer: log.observer)
        let first = Task { try await client.currentToken() }
        await clock.sleepers(1)
        let others = (0..<8).map { _ in Task { try await client.currentToken() } }
        await clock.sleepers(9)
        clock.advance(by: .seconds(30))
        #expect(genesys.calls.count == 1)
        clock.advance(by: .seconds(1))
        for task in [first] + others {
            _ = try await task.value
        }
        #expect(genesys.calls.count == 10)
        // One announcement for the pause of all.
        #expect(log.events.count { $0 == .pausing(.seconds(31)) } == 1)
    }

    /// Not one of the requests may sleep for a day in silence, the one that was told no more than those that follow.
    @Test func aWaitBeyondAllPatienceEndsTheRequestsAtOnce() async throws {
        let genesys = try FakeGenesys(Reply(429, headers: [("Retry-After", "86400")]))
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        let told = try await failure { try await client.currentToken() }
        #expect(told.kind == .unavailable)
        let next = try await failure { try await client.currentToken() }
        #expect(next.kind == .unavailable)
        #expect(next.description.contains("the server wants a wait of 86401 s"))
        #expect(clock.sleeps.isEmpty)
        #expect(genesys.calls.count == 1)
    }

    @Test(arguments: ["99999999999999999999", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
    func aWaitThatIsNoNumberOfSecondsLeavesItToUs(text: String) async throws {
        let genesys = try FakeGenesys(
            Reply(
                429,
                headers: [
                    ("Retry-After", text), ("inin-ratelimit-count", text), ("inin-ratelimit-allowed", text),
                    ("inin-ratelimit-reset", text),
                ]
            ),
            answer
        )
        let clock = TestClock(jumps: true)
        _ = try await genesys.client(clock: clock).currentToken()
        #expect(clock.sleeps.count == 1)
        #expect(clock.now.offset <= .seconds(1))
    }

    @Test func aUsedUpWindowIsWaitedForWithoutA429() async throws {
        let genesys = try FakeGenesys { number, _ in
            Reply(
                200,
                headers: [
                    ("inin-ratelimit-count", "\(number % 3 + 1)"), ("inin-ratelimit-allowed", "3"),
                    ("inin-ratelimit-reset", "42"),
                ],
                "{}"
            )
        }
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        for _ in 0..<7 {
            _ = try await client.currentToken()
        }
        #expect(clock.sleeps == [.seconds(43), .seconds(43)])
    }

    @Test func cancellationEndsAWait() async throws {
        let genesys = try FakeGenesys(Reply(503))
        let clock = TestClock(jumps: false)
        let client = try genesys.client(clock: clock)
        let task = Task { try await client.currentToken() }
        await clock.sleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(genesys.calls.count == 1)
    }

    @Test func aCancelledRequestDoesNotHoldUpTheOthers() async throws {
        let genesys = try FakeGenesys { number, _ in
            number == 1
                ? .silence
                : Reply(
                    200,
                    headers: [
                        ("inin-ratelimit-count", "1"), ("inin-ratelimit-allowed", "3"), ("inin-ratelimit-reset", "42"),
                    ],
                    "{}"
                )
        }
        let client = try genesys.client()
        _ = try await client.currentToken()
        let silent = Task { try await client.currentToken() }
        await genesys.server.received(3)
        silent.cancel()
        await #expect(throws: CancellationError.self) { try await silent.value }
        _ = try await client.currentToken()
        #expect(genesys.calls.count == 3)
    }
}
