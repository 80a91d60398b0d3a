import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct RemovalTests {
    @Test(arguments: [200, 204])
    func contactsAreDeletedByTheirIDs(status: Int) async throws {
        let genesys = try FakeGenesys(Reply(status))
        try await genesys.client().deleteContacts(listID: "L 1", ids: ["a", "b&c"])
        let request = try #require(genesys.calls.first)
        #expect(request.method == "DELETE")
        #expect(request.target == "/api/v2/outbound/contactlists/L%201/contacts?contactIds=a&contactIds=b%26c")
        #expect(request.body.isEmpty)
    }

    /// Others may have given contacts such ids; a list of ids would be cut there, and name other contacts.
    @Test func anIDWithACommaIsDeletedByItself() async throws {
        let genesys = try FakeGenesys(
            Reply(200),
            Reply(404, #"{"code":"not.found"}"#),
            Reply(400, #"{"code":"contact.in.use"}"#),
            Reply(200)
        )
        try await genesys.client().deleteContacts(listID: "L", ids: ["1,2", "3", "4,5", "6,7"])
        #expect(
            genesys.calls.map(\.target) == [
                "/api/v2/outbound/contactlists/L/contacts?contactIds=3",
                "/api/v2/outbound/contactlists/L/contacts/1%2C2", "/api/v2/outbound/contactlists/L/contacts/4%2C5",
                "/api/v2/outbound/contactlists/L/contacts/6%2C7",
            ]
        )
        #expect(genesys.calls.allSatisfy { $0.method == "DELETE" })
    }

    @Test func aDeletionIsRepeatedAfterALostAnswer() async throws {
        let genesys = try FakeGenesys(.cut, Reply(504), Reply(200))
        try await genesys.client().deleteContacts(listID: "L", ids: ["a"])
        #expect(genesys.calls.count == 3)
    }

    @Test func aDeletionThatIsNotAllowedNamesThePermission() async throws {
        let body = #"{"code":"missing.any.permissions","message":"[outbound:contact:delete]"}"#
        let genesys = try FakeGenesys(Reply(403, body))
        let client = try genesys.client()
        let error = try await failure { try await client.deleteContacts(listID: "L", ids: ["a"]) }
        #expect(error.missingPermissions == ["outbound:contact:delete"])
    }

    @Test func idsBeyondTheLimitAreRefusedBeforeSendingAndNoneAreNoRequest() async throws {
        let genesys = try FakeGenesys(Reply(200, #"{"id":"j","state":"Complete"}"#))
        let client = try genesys.client()
        let ids = (0...1_000).map { "\($0)" }
        let deletion = try await failure { try await client.deleteContacts(listID: "L", ids: Array(ids.prefix(101))) }
        #expect(deletion.kind == .refused)
        let update = try await failure { try await client.makeUncallable(listID: "L", ids: ids) }
        #expect(update.kind == .refused)
        try await client.deleteContacts(listID: "L", ids: [])
        try await client.makeUncallable(listID: "L", ids: [])
        #expect(genesys.server.requests.isEmpty)
        try await client.deleteContacts(listID: "L", ids: Array(ids.prefix(100)))
        try await client.makeUncallable(listID: "L", ids: Array(ids.prefix(1_000)))
        #expect(genesys.calls.count == 2)
    }

    @Test(arguments: [200, 202])
    func contactsAreMadeUncallableByAJobThatIsWaitedFor(status: Int) async throws {
        let genesys = try FakeGenesys(
            Reply(status, #"{"id":"j/1","state":"InProgress","type":"BulkEdit","percentComplete":0}"#),
            Reply(200, #"{"id":"j/1","state":"InProgress"}"#),
            Reply(404, #"{"code":"not.found"}"#),
            Reply(200, #"{"id":"j/1","state":"InProgress"}"#),
            Reply(200, #"{"id":"j/1","state":"InProgress"}"#),
            Reply(200, #"{"id":"j/1","state":"InProgress"}"#),
            Reply(200, #"{"id":"j/1","state":"Complete","totalRecords":2,"completedRecords":2}"#)
        )
        let clock = TestClock(jumps: true)
        try await genesys.client(clock: clock).makeUncallable(listID: "L", ids: ["a", "b\""])
        let calls = genesys.calls
        #expect(calls.count == 7)
        #expect(calls[0].method == "POST")
        #expect(calls[0].target == "/api/v2/outbound/contactlists/L/contacts/bulk/update")
        #expect(calls[0].text.contains(#""contactIds":["a","b\""]"#))
        #expect(calls[0].text.contains(#""contact":{"callable":false}"#))
        #expect(calls[0].text.contains(#""generateDownloadURI":false"#))
        let looks = Set(calls.dropFirst().map { "\($0.method) \($0.target)" })
        #expect(looks == ["GET /api/v2/outbound/contactlists/L/contacts/bulk/jobs/j%2F1"])
        #expect(clock.sleeps == [1, 2, 3, 4, 5, 5].map { .seconds($0) })
    }

    @Test func aJobThatIsDoneAtOnceIsNotAskedAfter() async throws {
        let genesys = try FakeGenesys(Reply(200, #"{"id":"j","state":"Complete"}"#))
        let clock = TestClock(jumps: true)
        try await genesys.client(clock: clock).makeUncallable(listID: "L", ids: ["a"])
        #expect(genesys.calls.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func aFailedJobIsNamedByItsCodeOnly() async throws {
        let reason = #"{"message":"Ada Lovelace is at fault","code":"contact.not.found"}"#
        let genesys = try FakeGenesys(
            Reply(202, #"{"id":"j-1","state":"InProgress"}"#),
            Reply(200, #"{"id":"j-1","state":"Failed","failureReason":\#(reason)}"#)
        )
        let client = try genesys.client()
        let error = try await failure { try await client.makeUncallable(listID: "L", ids: ["a"]) }
        #expect(error.kind == .serverFailure)
        #expect(error.code == "contact.not.found")
        #expect(error.mayHaveTakenEffect)
        #expect(
            error.description
                == "making contacts of the list L uncallable: the job j-1 ended as Failed with contact.not.found"
        )
        #expect(error.debugDescription.contains("Ada Lovelace"))
    }

    @Test func aJobWithoutEndIsGivenUpAfterHalfAnHour() async throws {
        let genesys = try FakeGenesys(Reply(200, #"{"id":"j","state":"InProgress"}"#))
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        let error = try await failure { try await client.makeUncallable(listID: "L", ids: ["a"]) }
        #expect(error.kind == .unavailable)
        #expect(error.description.contains("was not done after 1800 s"))
        #expect(error.mayHaveTakenEffect)
        #expect((.seconds(1_800)...(.seconds(1_805))).contains(clock.now.offset))
    }

    @Test func aJobThatNobodyKnowsIsGivenUpSoon() async throws {
        let genesys = try FakeGenesys { number, _ in
            number == 0 ? Reply(202, #"{"id":"j","state":"InProgress"}"#) : Reply(404)
        }
        let client = try genesys.client()
        let error = try await failure { try await client.makeUncallable(listID: "L", ids: ["a"]) }
        #expect(error.kind == .notFound)
        #expect(genesys.calls.count == 12)
    }

    @Test(arguments: ["", "{}", #"{"id":"j"}"#, "<html>"])
    func anAnswerThatIsNoJobIsUnexpected(body: String) async throws {
        let genesys = try FakeGenesys(Reply(200, body))
        let client = try genesys.client()
        let error = try await failure { try await client.makeUncallable(listID: "L", ids: ["a"]) }
        #expect(error.kind == .unexpectedAnswer)
    }
}
