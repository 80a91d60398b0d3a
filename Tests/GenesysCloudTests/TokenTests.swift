import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct TokenTests {
    private let answer = Reply(200, "{}")

    @Test func theTokenIsAskedForAsDocumentedAndSentWithEachCall() async throws {
        let genesys = try FakeGenesys(answer)
        let client = try genesys.client()
        _ = try await client.currentToken()
        let request = try #require(genesys.tokenRequests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/oauth/token")
        // `printf 'client-7:open sesame' | base64`
        #expect(request.headers["authorization"] == "Basic Y2xpZW50LTc6b3BlbiBzZXNhbWU=")
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(request.text == "grant_type=client_credentials")
        #expect(genesys.calls.first?.headers["authorization"] == "Bearer token-1")
    }

    @Test func manyRequestsAtOnceFetchOneToken() async throws {
        let gate = Gate()
        let genesys = try FakeGenesys(
            token: { _ in FakeGenesys.grant("shared").after(gate) },
            api: { _, _ in Reply(200, "{}") }
        )
        let client = try genesys.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await client.currentToken() }
            }
            await genesys.server.received(1)
            gate.open()
            try await group.waitForAll()
        }
        #expect(genesys.tokenRequests.count == 1)
        #expect(genesys.calls.map { $0.headers["authorization"] } == Array(repeating: "Bearer shared", count: 20))
    }

    @Test func aTokenIsRenewedAMinuteBeforeItExpires() async throws {
        let genesys = try FakeGenesys(
            token: { FakeGenesys.grant("token-\($0 + 1)", lifetimeSeconds: 300) },
            api: { _, _ in Reply(200, "{}") }
        )
        let clock = TestClock(jumps: false)
        let client = try genesys.client(clock: clock)
        _ = try await client.currentToken()
        clock.advance(by: .seconds(239))
        _ = try await client.currentToken()
        clock.advance(by: .seconds(1))
        _ = try await client.currentToken()
        #expect(
            genesys.calls.map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]
        )
    }

    @Test func aRefusedTokenIsReplacedAndTheRequestSentAgain() async throws {
        let genesys = try FakeGenesys(Reply(401, #"{"code":"bad.credentials"}"#), answer)
        let log = EventLog()
        _ = try await genesys.client(observer: log.observer).currentToken()
        #expect(genesys.calls.map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-2"])
        #expect(log.events == [.tokenFetched, .tokenFetched])
    }

    @Test func aSecondRefusalIsFinal() async throws {
        let genesys = try FakeGenesys(Reply(401, #"{"code":"bad.credentials"}"#))
        let client = try genesys.client()
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == .unauthorized)
        #expect(error.code == "bad.credentials")
        #expect(genesys.calls.count == 2)
        #expect(genesys.tokenRequests.count == 2)
    }

    @Test func requestsRefusedTogetherShareTheNewToken() async throws {
        let gate = Gate()
        let genesys = try FakeGenesys { _, request in
            request.headers["authorization"] == "Bearer token-1" ? Reply(401).after(gate) : Reply(200, "{}")
        }
        let client = try genesys.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask { _ = try await client.currentToken() }
            }
            // All ten have been sent with the first token.
            await genesys.server.received(11)
            gate.open()
            try await group.waitForAll()
        }
        #expect(genesys.tokenRequests.count == 2)
        #expect(genesys.calls.count == 20)
    }

    @Test func wrongCredentialsEndEveryRequestAndSayWhatToCheck() async throws {
        let gate = Gate()
        let body =
            #"{"error":"invalid_client","description":"client not found","error_description":"client not found"}"#
        let genesys = try FakeGenesys(token: { _ in Reply(400, body).after(gate) }, api: { _, _ in Reply(200) })
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        async let first = failure { try await client.currentToken() }
        await genesys.server.received(1)
        async let second = failure { try await client.currentToken() }
        gate.open()
        for error in try await [first, second] {
            #expect(error.kind == .unauthorized)
            #expect(error.description.contains("400 Bad Request invalid_client"))
            #expect(error.description.contains("GENESYSCLOUD_OAUTHCLIENT_ID"))
            #expect(error.debugDescription.contains("client not found"))
        }
        #expect(clock.sleeps.isEmpty)
        #expect(genesys.calls.isEmpty)
    }

    @Test func aTokenRequestTurnedAwayByTheRateLimitIsRepeated() async throws {
        let body = #"{"error":"invalid_request","error_description":"rate limit exceeded; wait"}"#
        let genesys = try FakeGenesys(
            token: { $0 < 2 ? Reply(400, body) : FakeGenesys.grant("late") },
            api: { _, _ in Reply(200, "{}") }
        )
        let clock = TestClock(jumps: true)
        let log = EventLog()
        _ = try await genesys.client(clock: clock, observer: log.observer).currentToken()
        #expect(clock.sleeps.count == 2)
        #expect(log.texts.first?.hasPrefix("getting an access token: 400 Bad Request, retrying in ") == true)
    }

    @Test(arguments: [
        (503, GenesysError.Kind.unavailable), (500, .serverFailure), (403, .unauthorized), (404, .notFound),
    ])
    func aFailureOfTheTokenServiceIsToldFromWrongCredentials(status: Int, kind: GenesysError.Kind) async throws {
        let genesys = try FakeGenesys(token: { _ in Reply(status, "<html>") }, api: { _, _ in Reply(200) })
        let client = try genesys.client()
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == kind)
        #expect(error.status == status)
    }

    @Test(arguments: [
        "<html>sign in</html>", "", "[]", #"{"access_token":"","expires_in":10}"#, #"{"access_token":"x"}"#,
    ])
    func anAnswerWithoutATokenIsUnexpected(body: String) async throws {
        let genesys = try FakeGenesys(token: { _ in Reply(200, body) }, api: { _, _ in Reply(200) })
        let client = try genesys.client()
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == .unexpectedAnswer)
    }

    @Test func theSecretIsNeverShown() throws {
        let credentials = GenesysCredentials(clientID: "client-7", clientSecret: "open sesame")
        var dumped = ""
        dump(
            GenesysConfiguration(endpoint: GenesysEndpoint(baseURL: "http://x"), credentials: credentials),
            to: &dumped
        )
        #expect(dumped.contains("client-7"))
        #expect(!dumped.contains("sesame"))
        #expect(!"\(credentials)".contains("sesame"))
        #expect(!String(reflecting: credentials).contains("sesame"))
    }
}
