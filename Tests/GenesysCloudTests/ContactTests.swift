import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct ContactTests {
    @Test func contactsAreSentAsGivenAndTheAnswerComesBackAsItIs() async throws {
        let genesys = try FakeGenesys(Reply(200, #"[{"id":"1"}]"#))
        let body = Array(#"[{"id":"1","contactListId":"L 1","data":{"Phone":"+15551234567"}}]"#.utf8)
        let answer = try await genesys.client().addContacts(to: "L 1", body: body)
        #expect(answer == Array(#"[{"id":"1"}]"#.utf8))
        let request = try #require(genesys.calls.first)
        #expect(request.method == "POST")
        #expect(request.target == "/api/v2/outbound/contactlists/L%201/contacts?doNotQueue=true")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.body == body)
    }

    @Test func theQueueIsTouchedOnlyWhenAsked() async throws {
        let genesys = try FakeGenesys(Reply(200, "[]"))
        let client = try genesys.client()
        _ = try await client.addContacts(to: "L", body: [], doNotQueue: false, priority: true, clearSystemData: false)
        #expect(genesys.calls.first?.target.hasSuffix("?doNotQueue=false&priority=true&clearSystemData=false") == true)
    }

    @Test(arguments: [Reply.cut, Reply(504)])
    func contactsAreSentAgainAfterALostAnswer(lost: Reply) async throws {
        let genesys = try FakeGenesys(lost, Reply(200, "[]"))
        _ = try await genesys.client().addContacts(to: "L", body: Array("[]".utf8))
        #expect(genesys.calls.map(\.text) == ["[]", "[]"])
    }

    @Test func contactsAreLookedUpByTheirIDs() async throws {
        let genesys = try FakeGenesys(
            Reply(200, #"[{"id":"b","data":{"Name":"Ada"},"callable":true,"more":{}},{"id":"a","data":{}}]"#)
        )
        let contacts = try await genesys.client().contacts(listID: "L", ids: ["a", "b\"", "c"])
        #expect(contacts.map(\.id) == ["b", "a"])
        #expect(contacts.map(\.data) == [["Name": "Ada"], [:]])
        #expect(contacts.map(\.callable) == [true, nil])
        #expect(genesys.calls.first?.target == "/api/v2/outbound/contactlists/L/contacts/bulk")
        #expect(genesys.calls.first?.text == #"["a","b\"","c"]"#)
        #expect(!"\(contacts)".contains("Ada"))
    }

    @Test func moreIDsThanOneRequestMayCarryAreRefusedBeforeSending() async throws {
        let genesys = try FakeGenesys(Reply(200, "[]"))
        let client = try genesys.client()
        let ids = (0..<51).map { "\($0)" }
        let error = try await failure { try await client.contacts(listID: "L", ids: ids) }
        #expect(error.kind == .refused)
        #expect(genesys.server.requests.isEmpty)
        _ = try await client.contacts(listID: "L", ids: ids.dropLast())
    }

    @Test func afterAShutdownNothingIsRepeated() async throws {
        let genesys = try FakeGenesys(Reply(200, "{}"))
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        await client.shutdown()
        let error = try await failure { try await client.currentToken() }
        #expect(error.kind == .transport)
        #expect(clock.sleeps.isEmpty)
    }
}
