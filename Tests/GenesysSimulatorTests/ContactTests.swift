import Foundation
import GenesysSimulator
import Testing

@Suite struct ContactTests {
    /// A client, and the path of the contacts of a list with a, b and c.
    private func withContacts(
        _ configure: (inout SimulatorOptions) -> Void = { _ in },
        _ test: (Simulator, TestClient, String) async throws -> Void
    ) async throws {
        try await withSimulator(configure) { simulator, client in
            let list = try await client.createList()
            let rows = [
                TestClient.contact("a", name: "Ada", phone: "10"), TestClient.contact("b", name: "Bob", phone: "9"),
                TestClient.contact("c", name: "ada", phone: "x"),
            ]
            _ = try await client.post(rows, to: list)
            try await test(simulator, client, "/api/v2/outbound/contactlists/\(list)/contacts")
        }
    }

    @Test func oneContactIsReadUpdatedAndDeleted() async throws {
        try await withContacts { simulator, client, path in
            #expect(try await client.send(.get, "\(path)/a")["id"] == "a")
            let body = try TestClient.json(["contactListId": "", "data": ["key": "a", "name": "Grace", "phone": ""]])
            let updated = try await client.send(.put, "\(path)/a", body: body)
            #expect(updated.object["data"] as? [String: String] == ["key": "a", "name": "Grace", "phone": ""])
            #expect(try await client.send(.get, "\(path)/%61").text == updated.text)
            #expect(try await client.send(.delete, "\(path)/a").status == 200)
            #expect(try await client.send(.get, "\(path)/a").refusal == Refusal(404, "resource.not.found"))
            #expect(try await client.send(.delete, "\(path)/a").refusal == Refusal(404, "resource.not.found"))
            let late = try await client.send(.put, "\(path)/a", body: body)
            #expect(late.refusal == Refusal(400, "contact.does.not.exist"))
            let strange = try await client.send(.put, "\(path)/b", body: #"{"data": {"key": "b"}}"#)
            #expect(strange.refusal == Refusal(400, "invalid.contact.columns"))
            #expect(simulator.statistics.contactsDeleted == 1)
        }
    }

    @Test func aListThatDoesNotExistIsSaidSo() async throws {
        try await withSimulator { _, client in
            let path = "/api/v2/outbound/contactlists/none/contacts"
            let missing = Refusal(404, "contact.list.not.found")
            #expect(try await client.send(.get, "\(path)/a").refusal == missing)
            #expect(try await client.send(.delete, "\(path)/a").refusal == missing)
            #expect(try await client.send(.delete, "\(path)?contactIds=a").refusal == missing)
            #expect(try await client.send(.post, "\(path)/bulk", body: "[]").refusal == missing)
            let search = try await client.send(.post, "\(path)/search", body: #"{"pageNumber": 1, "pageSize": 1}"#)
            #expect(search.refusal == missing)
        }
    }

    @Test(arguments: ["contactIds=a&contactIds=c&contactIds=none", "contactIds=a,c", "contactIds=a%2Cc"])
    func severalContactsAreDeletedAtOnce(query: String) async throws {
        try await withContacts { simulator, client, path in
            #expect(try await client.send(.delete, "\(path)?\(query)").status == 200)
            let list = try #require(simulator.contactLists.first)
            #expect(try simulator.contacts(ofList: list.id).map(\.id) == ["b"])
        }
    }

    @Test func aDeletionOfSeveralHasItsLimits() async throws {
        try await withContacts { simulator, client, path in
            #expect(try await client.send(.delete, path).refusal == Refusal(400, "no.contacts.specified"))
            let many = (0...250).map { "x\($0)" }.joined(separator: ",")
            let refused = try await client.send(.delete, "\(path)?contactIds=\(many)")
            #expect(refused.refusal == Refusal(400, "too.many.contacts.added"))
            simulator.behaviour.deleteManyStatus = .noContent
            #expect(try await client.send(.delete, "\(path)?contactIds=a").status == 204)
        }
    }

    @Test func aDeletionOfSeveralPassesOverThoseInUse() async throws {
        try await withContacts {
            $0.behaviour.contactsInUse = ["b"]
        } _: { simulator, client, path in
            let answer = try await client.send(.delete, "\(path)?contactIds=a&contactIds=b&contactIds=c")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            let left = try await client.send(.post, "\(path)/bulk", body: #"["a", "b", "c"]"#)
            #expect(left.array.compactMap { $0["id"] as? String } == ["b"])
            #expect(simulator.statistics.contactsDeleted == 2)
        }
    }

    @Test func contactsInUseStay() async throws {
        try await withContacts {
            $0.behaviour.contactsInUse = ["a"]
        } _: { simulator, client, path in
            #expect(try await client.send(.delete, "\(path)/a").refusal == Refusal(400, "contact.in.use"))
            #expect(try await client.send(.delete, "\(path)?contactIds=a,b").status == 200)
            let list = try #require(simulator.contactLists.first)
            #expect(try simulator.contacts(ofList: list.id).map(\.id) == ["a", "c"])
        }
    }

    @Test func aBulkLookUpAnswersOnlyWhatItFinds() async throws {
        try await withContacts { _, client, path in
            let found = try await client.send(.post, "\(path)/bulk", body: #"["c", "none", "a"]"#)
            #expect(found.array.compactMap { $0["id"] as? String } == ["c", "a"])
            #expect(try await client.send(.post, "\(path)/bulk", body: #"["none"]"#).text == "[]")
            let many = try TestClient.json((0...50).map { "x\($0)" })
            let refused = try await client.send(.post, "\(path)/bulk", body: many)
            #expect(refused.refusal == Refusal(400, "too.many.contacts.requested"))
        }
    }

    @Test(arguments: [
        (#"{"column": "name", "operator": "EQUALS", "value": "Ada"}"#, "a"),
        (#"{"column": "name", "operator": "EQUALS", "value": "Ada", "inverted": true}"#, "bc"),
        (#"{"column": "name", "operator": "CONTAINS", "value": "d"}"#, "ac"),
        (#"{"column": "name", "operator": "BEGINS_WITH", "value": "B"}"#, "b"),
        (#"{"column": "name", "operator": "ENDS_WITH", "value": "a"}"#, "ac"),
        (#"{"column": "name", "operator": "IN", "range": {"inSet": ["Bob", "ada"]}}"#, "bc"),
        (#"{"column": "key", "operator": "AFTER", "value": "a"}"#, "bc"),
        (#"{"column": "key", "operator": "BEFORE", "value": "b"}"#, "a"),
        (#"{"column": "phone", "columnType": "numeric", "operator": "GREATER_THAN", "value": "9"}"#, "a"),
        (#"{"column": "phone", "columnType": "numeric", "operator": "GREATER_THAN_EQUALS", "value": "9.0"}"#, "ab"),
        (#"{"column": "phone", "columnType": "alphabetic", "operator": "LESS_THAN", "value": "9"}"#, "a"),
        (#"{"column": "phone", "columnType": "numeric", "operator": "LESS_THAN_EQUALS", "value": "9"}"#, "b"),
        (
            #"{"column": "phone", "columnType": "numeric", "operator": "BETWEEN", "range": {"min": "9", "max": "11"}}"#,
            "a"
        ),
        (
            #"{"column": "phone", "columnType": "numeric", "operator": "BETWEEN", "range": {"min": "9", "max": "10", "minInclusive": true}}"#,
            "b"
        ),
        (#"{"column": "phone", "columnType": "numeric", "operator": "IN", "range": {"inSet": ["10.0"]}}"#, "a"),
    ])
    func aSearchFindsWhatItsPredicateSays(predicate: String, ids: String) async throws {
        try await withContacts { _, client, path in
            let body =
                #"{"pageNumber": 1, "pageSize": 100, "criteria": {"clauses": [{"predicates": [\#(predicate)]}]}}"#
            let found = try await client.send(.post, "\(path)/search", body: body)
            #expect(found.entities.compactMap { $0["id"] as? String }.joined() == ids)
            #expect(found.object["contactsCount"] as? Int == ids.count)
        }
    }

    @Test func clausesAndPredicatesAreJoinedAsTheySay() async throws {
        func predicate(_ value: String) -> String { #"{"column": "name", "operator": "EQUALS", "value": "\#(value)"}"# }
        let either = #"{"filterType": "OR", "predicates": [\#(predicate("Ada")), \#(predicate("Bob"))]}"#
        let both = #"{"filterType": "AND", "predicates": [\#(predicate("Ada")), \#(predicate("Bob"))]}"#
        try await withContacts { _, client, path in
            func search(_ junction: String, _ clauses: String...) async throws -> String {
                let criteria = #"{"filterType": "\#(junction)", "clauses": [\#(clauses.joined(separator: ","))]}"#
                let body = #"{"pageNumber": 1, "pageSize": 9, "criteria": \#(criteria)}"#
                let found = try await client.send(.post, "\(path)/search", body: body)
                return found.entities.compactMap { $0["id"] as? String }.joined()
            }
            let results = [
                try await search("AND", either), try await search("AND", either, both),
                try await search("OR", either, both),
            ]
            #expect(results == ["ab", "", "ab"])
        }
    }

    @Test func aSearchIsSortedAndPaged() async throws {
        try await withContacts { _, client, path in
            func search(_ rest: String) async throws -> Answer {
                try await client.send(.post, "\(path)/search", body: "{\(rest)}")
            }
            let byNumber = #""contactSorts": [{"fieldName": "phone", "direction": "DESC", "numeric": true}]"#
            let first = try await search(#""pageNumber": 1, "pageSize": 2, \#(byNumber)"#)
            #expect(first.entities.compactMap { $0["id"] as? String } == ["a", "b"])
            #expect(first.object["total"] as? Int == 3)
            #expect(first.object["pageCount"] as? Int == 2)
            let second = try await search(#""pageNumber": 2, "pageSize": 2, \#(byNumber)"#)
            #expect(second.entities.compactMap { $0["id"] as? String } == ["c"])
            let byText = #""contactSorts": [{"fieldName": "name"}]"#
            let texts = try await search(#""pageNumber": 1, "pageSize": 9, \#(byText)"#)
            #expect(texts.entities.compactMap { $0["id"] as? String } == ["a", "b", "c"])
            #expect(try await search(#""pageNumber": 1, "pageSize": 101"#).refusal == Refusal(400, "invalid.value"))
            #expect(try await search(#""pageNumber": 0, "pageSize": 10"#).refusal == Refusal(400, "invalid.value"))
            let unknown = try await search(#""pageNumber": 1, "pageSize": 9, "contactSorts": [{"fieldName": "no"}]"#)
            #expect(unknown.refusal == Refusal(400, "invalid.value"))
        }
    }

    @Test func readsSeeAWriteAfterTheDelay() async throws {
        let clock = ManualClock()
        try await withContacts {
            $0.clock = clock
        } _: { simulator, client, path in
            simulator.behaviour.readDelaySeconds = 5
            let list = try #require(simulator.contactLists.first).id
            _ = try await client.post([TestClient.contact("a", name: "New"), TestClient.contact("d")], to: list)
            _ = try await client.send(.delete, "\(path)/b")
            let fresh = try await client.createList("Fresh")

            func state() async throws -> String {
                let body = #"{"pageNumber": 1, "pageSize": 9}"#
                return names(try await client.send(.post, "\(path)/search", body: body).entities)
            }
            func bulk() async throws -> String {
                names(try await client.send(.post, "\(path)/bulk", body: #"["a", "b", "c", "d"]"#).array)
            }
            func one(_ id: String) async throws -> String? {
                (try await client.send(.get, "\(path)/\(id)").object["data"] as? [String: String])?["name"]
            }
            func names(_ contacts: [[String: Any]]) -> String {
                contacts.map { "\($0["id"] ?? "")=\(($0["data"] as? [String: String])?["name"] ?? "")" }
                    .joined(separator: " ")
            }
            clock.advance(by: .milliseconds(4_999))
            #expect(try await state() == "a=Ada b=Bob c=ada")
            #expect(try await client.send(.get, "\(path)/d").refusal == Refusal(404, "resource.not.found"))
            #expect(try await one("a") == "Ada")
            #expect(try await one("b") == "Bob")
            #expect(try await bulk() == "a=Ada b=Bob c=ada")
            #expect(try await client.send(.get, "/api/v2/outbound/contactlists/\(fresh)").status == 404)
            clock.advance(by: .milliseconds(1))
            #expect(try await state() == "a=New c=ada d=Ada")
            #expect(try await one("a") == "New")
            #expect(try await one("b") == nil)
            #expect(try await bulk() == "a=New c=ada d=Ada")
            _ = try await client.post([TestClient.contact("a", name: "Newer")], to: list)
            #expect(try await state() == "a=New c=ada d=Ada")
            #expect(try await client.send(.get, "\(path)/d").status == 200)
            #expect(try await client.send(.get, "/api/v2/outbound/contactlists/\(fresh)").status == 200)
        }
    }
}
