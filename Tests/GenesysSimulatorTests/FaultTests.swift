import GenesysSimulator
import Testing

@Suite struct FaultTests {
    @Test(arguments: [
        (Fault.Kind.tooManyRequests, Refusal(429, "too.many.requests.retry.after")),
        (.internalError, Refusal(500, "internal.server.error")),
        (.serviceUnavailable, Refusal(503, "service.unavailable")),
        (.timeoutBefore, Refusal(504, "request.timeout")),
    ])
    func aFaultBeforeEffectLeavesNoTrace(kind: Fault.Kind, refusal: Refusal) async throws {
        try await withSimulator {
            $0.faults = [Fault(kind, count: 1)]
        } _: { simulator, client in
            let list = try await client.createList()
            let struck = try await client.post([TestClient.contact("a")], to: list)
            #expect(struck.refusal == refusal)
            #expect(struck.header("ININ-Correlation-Id") != nil)
            #expect(struck.header("inin-ratelimit-count") != nil)
            #expect(simulator.contactLists.map(\.size) == [0])
            #expect(try await client.post([TestClient.contact("a")], to: list).status == 200)
            #expect(simulator.statistics.faults == [kind.rawValue: 1])
        }
    }

    @Test func aFaultMayLetRequestsPassFirst() async throws {
        try await withSimulator {
            $0.faults = [Fault(.internalError, after: 2, count: 1)]
        } _: { _, client in
            let list = try await client.createList()
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.post([TestClient.contact("a")], to: list).status) }
            #expect(statuses == [200, 200, 500, 200])
        }
    }

    @Test func aTimeoutAfterEffectHidesThatTheWorkWasDone() async throws {
        try await withSimulator {
            $0.faults = [Fault(.timeoutAfter, count: 1)]
        } _: { simulator, client in
            let list = try await client.createList()
            let struck = try await client.post([TestClient.contact("a")], to: list)
            #expect(struck.refusal == Refusal(504, "request.timeout"))
            #expect(simulator.contactLists.map(\.size) == [1])
        }
    }

    @Test(arguments: [(Fault.Kind.dropBefore, 0), (.dropAfter, 1)])
    func aDroppedConnectionGivesNoAnswer(kind: Fault.Kind, size: Int) async throws {
        try await withSimulator {
            $0.faults = [Fault(kind, count: 1)]
        } _: { simulator, client in
            let list = try await client.createList()
            await #expect(throws: TestClient.NoAnswer.self) {
                try await client.post([TestClient.contact("a")], to: list)
            }
            #expect(simulator.contactLists.map(\.size) == [size])
            #expect(simulator.statistics.connectionsDropped == 1)
            let path = "POST /api/v2/outbound/contactlists/{contactListId}/contacts"
            #expect(simulator.statistics.requests[path] == ["dropped": 1])
            #expect(simulator.statistics.contactPosts == 1)
        }
    }

    @Test func aGatewayAnswersInHTML() async throws {
        try await withSimulator {
            $0.faults = [Fault(.badGateway, count: 1)]
        } _: { simulator, client in
            let list = try await client.createList()
            let struck = try await client.post([TestClient.contact("a")], to: list)
            #expect(struck.status == 502)
            #expect(struck.header("Content-Type")?.hasPrefix("text/html") == true)
            #expect(struck.text.contains("<h1>502 Bad Gateway</h1>"))
            #expect(simulator.contactLists.map(\.size) == [0])
        }
    }

    @Test func aDeadTokenStaysDead() async throws {
        try await withSimulator {
            $0.faults = [Fault(.tokenDeath, count: 1)]
        } _: { simulator, client in
            let list = try await client.createList()
            for _ in 0..<2 {
                let refused = try await client.post([TestClient.contact("a")], to: list)
                #expect(refused.refusal == Refusal(401, "bad.credentials"))
            }
            var renewed = client
            try await renewed.logIn()
            #expect(try await renewed.post([TestClient.contact("a")], to: list).status == 200)
            #expect(simulator.contactLists.map(\.size) == [1])
        }
    }

    @Test func aSlowAnswerWaitsForItsTime() async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
            $0.faults = [Fault(.slow, milliseconds: 250), Fault(.serviceUnavailable)]
        } _: { simulator, client in
            let list = try await client.createList()
            async let answer = client.post([TestClient.contact("a")], to: list)
            await clock.waitForSleeper()
            #expect(simulator.statistics.contactPosts == 0)
            clock.advance(by: .milliseconds(250))
            #expect(try await answer.status == 503)
            #expect(simulator.statistics.faults == ["slow": 1, "service_unavailable": 1])
        }
    }

    @Test func aFaultStrikesWhereItIsMeantTo() async throws {
        try await withSimulator { simulator, client in
            simulator.faults = [Fault(.serviceUnavailable)]
            #expect(try await client.send(.get, "/api/v2/tokens/me").status == 200)
            simulator.faults = [Fault(.serviceUnavailable, paths: .api)]
            #expect(try await client.send(.get, "/api/v2/tokens/me").status == 503)
            var other = client
            try await other.logIn()
            simulator.faults = [
                Fault(.tooManyRequests, count: 1, paths: .token), Fault(.serviceUnavailable, paths: .token),
            ]
            let limited = try await client.send(.post, "/oauth/token")
            #expect(limited.status == 400)
            #expect(limited["error"] == "invalid_request")
            #expect(limited["error_description"]?.hasPrefix("rate limit exceeded;") == true)
            #expect(try await client.send(.post, "/oauth/token").status == 503)
            #expect(try await client.send(.get, "/api/v2/tokens/me").status == 200)
            #expect(try await client.send(.get, "/simulator/statistics").status == 200)
        }
    }

    @Test func theSameSeedStrikesTheSameRequests() async throws {
        func outcomes(seed: UInt64) async throws -> [Int] {
            var statuses: [Int] = []
            try await withSimulator {
                $0.seed = seed
                $0.faults = [
                    Fault(.serviceUnavailable, rate: 0.4, paths: .api), Fault(.internalError, rate: 0.2, paths: .api),
                ]
            } _: { _, client in
                for _ in 0..<40 { statuses.append(try await client.send(.get, "/api/v2/tokens/me").status) }
            }
            return statuses
        }
        let first = try await outcomes(seed: 7)
        #expect(try await outcomes(seed: 7) == first)
        #expect(try await outcomes(seed: 8) != first)
        #expect(Set(first) == [200, 500, 503])
    }

    @Test func faultsAreSetAndReadByPath() async throws {
        try await withSimulator { simulator, client in
            let plan = #"""
                {"seed": 3, "faults": [{"kind": "too_many_requests", "rate": 1, "count": 2, "paths": "api",
                "retry_after_seconds": 9}, {"kind": "slow", "rate": 0}]}
                """#
            let set = try await client.send(.put, "/simulator/faults", body: plan)
            #expect(set.status == 200)
            #expect(
                simulator.faults == [
                    Fault(.tooManyRequests, count: 2, paths: .api, retryAfterSeconds: 9), Fault(.slow, rate: 0),
                ]
            )
            let struck = try await client.send(.get, "/api/v2/tokens/me")
            #expect(struck.header("Retry-After") == "9")
            let left = try await client.send(.get, "/simulator/faults").object["faults"] as? [[String: Any]]
            #expect(left?.first?["count"] as? Int == 1)
        }
    }

    @Test(arguments: [
        #"{"faults": [{"kind": "earthquake"}]}"#, #"{"faults": [{"kind": "slow", "rate": 2}]}"#,
        #"{"faults": [{"kind": "slow", "raet": 1}]}"#, #"{"faults": [{"kind": "slow", "count": -1}]}"#,
        #"{"faults": [{"kind": "slow", "after": -1}]}"#,
        #"{"faults": [{"kind": "slow", "retry_after_seconds": 9223372036854775807}]}"#, #"{}"#, "x",
    ])
    func aWrongPlanIsRefused(plan: String) async throws {
        try await withSimulator {
            $0.faults = [Fault(.slow, rate: 0)]
        } _: { simulator, client in
            let answer = try await client.send(.put, "/simulator/faults", body: plan)
            #expect(answer.status == 400)
            #expect(simulator.faults == [Fault(.slow, rate: 0)])
        }
    }
}
