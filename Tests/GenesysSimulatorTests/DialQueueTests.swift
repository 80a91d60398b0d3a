import GenesysSimulator
import Testing

@Suite struct DialQueueTests {
    /// A list of a, b and c, of which a was dialled.
    private func withDialedContact(_ test: (Simulator, TestClient, String) async throws -> Void) async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            _ = try await client.post(["a", "b", "c"].map { TestClient.contact($0) }, to: list)
            #expect(try simulator.dial(1, inList: list, result: "busy") == ["a"])
            try await test(simulator, client, list)
        }
    }

    @Test func aDialedContactHasACallRecordAndLeavesTheQueue() async throws {
        try await withDialedContact { simulator, client, list in
            let contact = try #require(try simulator.contacts(ofList: list).first)
            #expect(contact.dialCount == 1)
            #expect(contact.queuePosition == nil)
            #expect(contact.callRecords["phone"]?.lastResult == "busy")
            let seen = try await client.send(.get, "/api/v2/outbound/contactlists/\(list)/contacts/a")
            let records = seen.object["callRecords"] as? [String: [String: String]]
            #expect(records?["phone"]?["lastResult"] == "busy")
            #expect(records?["phone"]?["lastAttempt"] != nil)
        }
    }

    @Test func aPostWithDoNotQueueHasNobodyDialedAgain() async throws {
        try await withDialedContact { simulator, client, list in
            let before = try simulator.contacts(ofList: list)
            let rows = ["a", "b", "c"].map { TestClient.contact($0, name: "New") }
            _ = try await client.post(rows, to: list, query: "?doNotQueue=true")
            let after = try simulator.contacts(ofList: list)
            #expect(after.map(\.queuePosition) == before.map(\.queuePosition))
            #expect(after.map(\.callRecords) == before.map(\.callRecords))
            #expect(after.map { $0.data["name"] } == ["New", "New", "New"])
            #expect(try simulator.dial(9, inList: list) == ["b", "c"])
            #expect(simulator.statistics.contactsDialed == 3)
            #expect(simulator.statistics.contactsDialedAgain == 0)
        }
    }

    @Test func aPostWithoutItHasThemDialedAgain() async throws {
        try await withDialedContact { simulator, client, list in
            _ = try await client.post([TestClient.contact("a")], to: list)
            #expect(try simulator.dial(9, inList: list) == ["b", "c", "a"])
            #expect(simulator.statistics.contactsDialedAgain == 1)
        }
    }

    @Test func priorityGoesToTheFrontInOrder() async throws {
        try await withDialedContact { simulator, client, list in
            _ = try await client.post(["c", "d"].map { TestClient.contact($0) }, to: list, query: "?priority=true")
            _ = try await client.post([TestClient.contact("e")], to: list, query: "?priority=true&doNotQueue=true")
            #expect(try simulator.dial(9, inList: list) == ["e", "c", "d", "b"])
        }
    }

    @Test func clearSystemDataWipesWhatTheDialerNoted() async throws {
        try await withDialedContact { simulator, client, list in
            var row = TestClient.contact("a")
            row["callable"] = false
            _ = try await client.post([row], to: list, query: "?doNotQueue=true")
            #expect(try simulator.contacts(ofList: list).first?.callRecords.isEmpty == false)
            _ = try await client.post(
                [TestClient.contact("a")],
                to: list,
                query: "?doNotQueue=true&clearSystemData=true"
            )
            let contact = try #require(try simulator.contacts(ofList: list).first)
            #expect(contact.callRecords.isEmpty)
            #expect(contact.callable)
            #expect(contact.dialCount == 1)
            #expect(contact.queuePosition == nil)
        }
    }

    @Test func whoIsNotCallableIsPassedOver() async throws {
        try await withDialedContact { simulator, client, list in
            var row = TestClient.contact("b")
            row["callable"] = false
            _ = try await client.post([row], to: list, query: "?doNotQueue=true")
            #expect(try simulator.dial(9, inList: list) == ["c"])
            _ = try await client.post([TestClient.contact("b")], to: list, query: "?doNotQueue=true")
            #expect(try simulator.contacts(ofList: list).map(\.callable) == [true, false, true])
        }
    }

    @Test func aWrongFlagIsRefused() async throws {
        try await withDialedContact { _, client, list in
            let answer = try await client.post([], to: list, query: "?doNotQueue=yes")
            #expect(answer.refusal == Refusal(400, "invalid.query.param.value"))
        }
    }

    @Test func theCampaignIsAlsoRunByPath() async throws {
        try await withDialedContact { simulator, client, list in
            let path = "/simulator/lists/\(list)/dial"
            let answer = try await client.send(.post, path, body: #"{"count": 1, "result": "answered"}"#)
            #expect(answer.object["dialed"] as? [String] == ["b"])
            #expect(try simulator.contacts(ofList: list)[1].callRecords["phone"]?.lastResult == "answered")
            #expect(try await client.send(.post, "/simulator/lists/none/dial", body: #"{"count": 1}"#).status == 404)
        }
    }
}
