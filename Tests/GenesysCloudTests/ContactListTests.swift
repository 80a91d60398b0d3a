import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct ContactListTests {
    private let wanted = NewContactList(
        name: "CRM leads",
        columnNames: ["LeadId", "Phone", "Email"],
        phoneColumns: [ContactColumn(columnName: "Phone", type: "cell")],
        emailColumns: [ContactColumn(columnName: "Email", type: "work")],
        divisionID: "D1"
    )

    private static func list(
        _ id: String,
        _ name: String = "CRM leads",
        columns: String = #"["LeadId","Phone","Email"]"#
    )
        -> String
    {
        #"{"id":"\#(id)","name":"\#(name)","columnNames":\#(columns),"version":3,"#
            + #""phoneColumns":[{"columnName":"Phone","type":"cell","callableTimeColumn":null}],"#
            + #""emailColumns":[{"columnName":"Email","type":"work"}],"division":{"id":"D1","name":"Home"},"selfUri":"/x"}"#
    }

    private static func page(_ lists: String..., of pageCount: Int = 1) -> String {
        #"{"entities":[\#(lists.joined(separator: ","))],"pageSize":100,"pageNumber":1,"pageCount":\#(pageCount)}"#
    }

    @Test func aListIsReadByItsID() async throws {
        let genesys = try FakeGenesys(Reply(200, Self.list("a/b c")))
        let list = try await genesys.client().contactList(id: "a/b c")
        #expect(genesys.calls.first?.target == "/api/v2/outbound/contactlists/a%2Fb%20c")
        #expect(list.id == "a/b c")
        #expect(list.columnNames == ["LeadId", "Phone", "Email"])
        #expect(list.phoneColumns == [ContactColumn(columnName: "Phone", type: "cell")])
        #expect(list.emailColumns == [ContactColumn(columnName: "Email", type: "work")])
        #expect(list.division == Division(id: "D1", name: "Home"))
        #expect(!list.automaticTimeZoneMapping)
    }

    @Test func aListIsFoundByItsExactName() async throws {
        let genesys = try FakeGenesys(
            Reply(200, Self.page(Self.list("1", "CRM leads 2"), Self.list("2", "crm leads"), of: 2)),
            Reply(200, Self.page(Self.list("3", "CRM leads"), of: 2))
        )
        let list = try await genesys.client().contactList(named: "CRM leads")
        #expect(list?.id == "3")
        let query = "filterType=Equals&name=CRM%20leads&pageSize=100"
        #expect(
            genesys.calls.map(\.target) == [
                "/api/v2/outbound/contactlists?\(query)&pageNumber=1&allowEmptyResult=true",
                "/api/v2/outbound/contactlists?\(query)&pageNumber=2&allowEmptyResult=true",
            ]
        )
    }

    @Test(arguments: [#"{"entities":[],"pageCount":0}"#, "{}", page(list("1", "crm leads"))])
    func anAbsentListIsNil(body: String) async throws {
        let genesys = try FakeGenesys(Reply(200, body))
        #expect(try await genesys.client().contactList(named: "CRM leads") == nil)
        #expect(genesys.calls.count == 1)
    }

    @Test func aNameInAQueryIsEncoded() async throws {
        let genesys = try FakeGenesys(Reply(200, "{}"))
        _ = try await genesys.client().contactList(named: "A&B=ü/+%")
        #expect(genesys.calls.first?.target.contains("&name=A%26B%3D%C3%BC%2F%2B%25&") == true)
    }

    @Test func severalListsOfTheNameAreAnError() async throws {
        let genesys = try FakeGenesys(Reply(200, Self.page(Self.list("1"), Self.list("2"))))
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(named: "CRM leads") }
        #expect(error.kind == .conflict)
        #expect(error.description.contains("there are 2 lists of that name: 1 in division Home, 2 in division Home"))
    }

    @Test func aListIsCreatedAsAsked() async throws {
        let genesys = try FakeGenesys(Reply(200, Self.list("new")))
        let list = try await genesys.client().createContactList(wanted)
        #expect(list.id == "new")
        let request = try #require(genesys.calls.first)
        #expect(request.method == "POST")
        #expect(request.target == "/api/v2/outbound/contactlists")
        #expect(request.headers["content-type"] == "application/json")
        for part in [
            #""name":"CRM leads""#, #""columnNames":["LeadId","Phone","Email"]"#, #""division":{"id":"D1"}"#,
        ] {
            #expect(request.text.contains(part))
        }
        #expect(!request.text.contains("null"))
    }

    @Test(arguments: [Reply.cut, Reply(504), Reply(503), Reply(408)])
    func afterALostAnswerTheListIsLookedUpAndNotMadeTwice(lost: Reply) async throws {
        let genesys = try FakeGenesys(lost, Reply(200, Self.page(Self.list("made"))))
        let list = try await genesys.client().createContactList(wanted)
        #expect(list.id == "made")
        #expect(genesys.calls.map(\.method) == ["POST", "GET"])
    }

    @Test func aListThatWasNotMadeIsAskedForAgain() async throws {
        let genesys = try FakeGenesys(.cut, Reply(200, "{}"), Reply(200, Self.list("second")))
        let list = try await genesys.client().createContactList(wanted)
        #expect(list.id == "second")
        #expect(genesys.calls.map(\.method) == ["POST", "GET", "POST"])
    }

    /// The look-up lags behind: only the refused second request tells that the first took effect.
    @Test func aNameTakenByTheLostRequestIsLookedUpAgain() async throws {
        let genesys = try FakeGenesys(
            Reply(504),
            Reply(200, "{}"),
            Reply(400, #"{"code":"duplicate.name"}"#),
            Reply(200, Self.page(Self.list("made")))
        )
        let list = try await genesys.client().createContactList(wanted)
        #expect(list.id == "made")
        #expect(genesys.calls.map(\.method) == ["POST", "GET", "POST", "GET"])
    }

    @Test func aNameThatWasTakenBeforeIsAnError() async throws {
        let genesys = try FakeGenesys(Reply(400, #"{"code":"duplicate.name","message":"taken"}"#))
        let client = try genesys.client()
        let error = try await failure { try await client.createContactList(wanted) }
        #expect(error.kind == .refused)
        #expect(genesys.calls.count == 1)
    }

    @Test func aListOfThatNameWithOtherColumnsIsSomeoneElses() async throws {
        let genesys = try FakeGenesys(.cut, Reply(200, Self.page(Self.list("other", columns: #"["LeadId"]"#))))
        let client = try genesys.client()
        let error = try await failure { try await client.createContactList(wanted) }
        #expect(error.kind == .conflict)
        #expect(genesys.calls.count == 2)
    }

    @Test func aCreationThatWasNotEvenReadIsRepeatedWithoutALookUp() async throws {
        let genesys = try FakeGenesys(Reply(429, headers: [("Retry-After", "1")]), Reply(200, Self.list("new")))
        _ = try await genesys.client().createContactList(wanted)
        #expect(genesys.calls.map(\.method) == ["POST", "POST"])
    }
}
