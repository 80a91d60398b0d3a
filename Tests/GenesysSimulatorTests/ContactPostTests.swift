import Foundation
import GenesysSimulator
import Testing

@Suite struct ContactPostTests {
    @Test func aContactIsAnsweredAsTheServiceHoldsIt() async throws {
        try await withSimulator { _, client in
            let list = try await client.createList()
            var contact = TestClient.contact("crm-1001", name: "Ada \"Q\" \\ \u{1F600}\n\u{1}")
            contact["callable"] = false
            contact["phoneNumberStatus"] = ["phone": ["callable": false]]
            contact["contactableStatus"] = [
                "Sms": ["contactable": false, "columnStatus": ["phone": ["contactable": false]]]
            ]
            let answer = try await client.post([contact], to: list)
            #expect(answer.status == 200)
            let made = try #require(answer.array.first)
            #expect(made["id"] as? String == "crm-1001")
            #expect(made["contactListId"] as? String == list)
            #expect(made["data"] as? [String: String] == contact["data"] as? [String: String])
            #expect(made["callable"] as? Bool == false)
            #expect(made["phoneNumberStatus"] as? [String: [String: Bool]] == ["phone": ["callable": false]])
            #expect(made["selfUri"] as? String == "/api/v2/outbound/contactlists/\(list)/contacts/crm-1001")
            #expect(made["dateCreated"] is String)
            let sms = try #require((made["contactableStatus"] as? [String: [String: Any]])?["Sms"])
            #expect(sms["contactable"] as? Bool == false)
            #expect(sms["columnStatus"] as? [String: [String: Bool]] == ["phone": ["contactable": false]])
        }
    }

    @Test func anEmptyOrMissingIdIsMadeByTheService() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            var second = TestClient.contact("")
            second["id"] = nil
            let answer = try await client.post([TestClient.contact(""), second], to: list)
            let ids = answer.array.compactMap { $0["id"] as? String }
            #expect(Set(ids).count == 2)
            #expect(ids.allSatisfy { UUID(uuidString: $0) != nil })
            #expect(try Set(simulator.contacts(ofList: list).map(\.id)) == Set(ids))
        }
    }

    @Test func anExistingIdIsUpdated() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            _ = try await client.post([TestClient.contact("a"), TestClient.contact("b")], to: list)
            let again = [TestClient.contact("a", name: "Grace"), TestClient.contact("b"), TestClient.contact("c")]
            _ = try await client.post(again, to: list, query: "?doNotQueue=true")
            let names = try simulator.contacts(ofList: list).map { $0.data["name"] }
            #expect(names == ["Grace", "Ada", "Ada"])
            let statistics = simulator.statistics
            #expect(statistics.contactPosts == 2)
            #expect(statistics.contactsCreated == 3)
            #expect(statistics.contactsUpdated == 1)
            #expect(statistics.contactsRepeated == 1)
        }
    }

    @Test func theFlagStaysUnlessTheBodyHasIt() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            func post(_ callable: Bool?) async throws -> Bool? {
                var contact = TestClient.contact("a")
                contact["callable"] = callable
                _ = try await client.post([contact], to: list, query: "?doNotQueue=true")
                return try simulator.contacts(ofList: list).first?.callable
            }
            #expect(try await post(nil) == true)
            #expect(try await post(false) == false)
            #expect(try await post(nil) == false)
            #expect(try await post(false) == false)
            #expect(simulator.statistics.contactsMadeUncallable == 1)
            #expect(try await post(true) == true)
            let body = try TestClient.json(["data": ["key": "a", "name": "", "phone": ""], "callable": false])
            _ = try await client.send(.put, "/api/v2/outbound/contactlists/\(list)/contacts/a", body: body)
            #expect(simulator.statistics.contactsMadeUncallable == 2)
        }
    }

    @Test(arguments: [
        ("invalid.contact.id", #"{"id": "a b", "data": {"key": "1", "name": "", "phone": ""}}"#),
        ("invalid.contact.id", #"{"id": "ä", "data": {"key": "1", "name": "", "phone": ""}}"#),
        (
            "invalid.contact.id",
            #"{"id": "\#(String(repeating: "a", count: 65))", "data": {"key": "1", "name": "", "phone": ""}}"#
        ),
        ("invalid.contact.columns", #"{"id": "a", "data": {"key": "1", "name": ""}}"#),
        ("invalid.contact.columns", #"{"id": "a", "data": {"key": "1", "name": "", "Phone": ""}}"#),
        ("invalid.contact.columns", #"{"id": "a", "data": {"key": "1", "name": "", "phone": "", "more": ""}}"#),
        ("invalid.contact.columns", #"{"id": "a"}"#),
        (
            "invalid.value",
            #"{"id": "a", "data": {"key": "1", "name": "\#(String(repeating: "ä", count: 513))", "phone": ""}}"#
        ),
        ("bad.request", #"{"id": "a", "data": {"key": 1, "name": "", "phone": ""}}"#),
        ("bad.request", #"{"id": "a", "data": {"key": "1", "name": "", "phone": ""}"#),
        ("bad.request", #"{"id": "a", "data": {"key": "\ud83d x", "name": "", "phone": ""}}"#),
    ])
    func aBadRowRefusesTheRequest(code: String, row: String) async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            let good = try TestClient.json(TestClient.contact("good"))
            let path = "/api/v2/outbound/contactlists/\(list)/contacts"
            let answer = try await client.send(.post, path, body: "[\(good),\(row)]")
            #expect(answer.refusal == Refusal(400, code))
            #expect(try simulator.contacts(ofList: list).isEmpty)
        }
    }

    @Test func rowsAtTheLimitsAreTaken() async throws {
        try await withSimulator { _, client in
            let list = try await client.createList()
            let id = String(repeating: "a.-Z9", count: 12) + "0123"
            let contact = TestClient.contact(id, name: String(repeating: "ä", count: 512))
            #expect(try await client.post([contact], to: list).status == 200)
        }
    }

    @Test func aThousandContactsAreTheLimit() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            let contacts = (0...1_000).map { TestClient.contact("c\($0)") }
            let refused = try await client.post(contacts, to: list)
            #expect(refused.refusal == Refusal(400, "too.many.contacts.added"))
            let taken = try await client.post(Array(contacts.dropLast()), to: list)
            #expect(taken.array.compactMap { $0["id"] as? String } == (0..<1_000).map { "c\($0)" })
            #expect(simulator.contactLists.map(\.size) == [1_000])
        }
    }

    @Test func badRowsMayBeSkippedOneByOne() async throws {
        try await withSimulator {
            $0.behaviour.badRows = .skipRow
        } _: { simulator, client in
            let list = try await client.createList()
            let rows = [TestClient.contact("a"), TestClient.contact("b c"), TestClient.contact("d")]
            let answer = try await client.post(rows, to: list)
            #expect(answer.status == 200)
            #expect(answer.array.compactMap { $0["id"] as? String } == ["a", "d"])
            #expect(try simulator.contacts(ofList: list).map(\.id) == ["a", "d"])
            #expect(simulator.statistics.contactsSkipped == 1)
        }
    }

    @Test func missingColumnsMayKeepWhatIsStored() async throws {
        try await withSimulator {
            $0.behaviour.missingColumns = .keep
        } _: { simulator, client in
            let list = try await client.createList()
            _ = try await client.post([TestClient.contact("a")], to: list)
            let partial: [[String: Any]] = [
                ["id": "a", "data": ["name": "Grace"]], ["id": "b", "data": ["name": "New"]],
            ]
            let answer = try await client.post(partial, to: list)
            #expect(answer.status == 200)
            let contacts = try simulator.contacts(ofList: list)
            #expect(contacts.map(\.data) == [["key": "a", "name": "Grace", "phone": "+35319131122"], ["name": "New"]])
        }
    }

    @Test func ofTwoRowsWithOneIdTheLastWins() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            let rows = [TestClient.contact("a", name: "First"), TestClient.contact("a", name: "Last")]
            let answer = try await client.post(rows, to: list)
            #expect(answer.array.map { ($0["data"] as? [String: String])?["name"] } == ["Last"])
            simulator.behaviour.duplicateIDs = .refuse
            #expect(try await client.post(rows, to: list).refusal == Refusal(400, "invalid.contact.id"))
        }
    }

    @Test func aPoisonRefusesEveryRequestItIsIn() async throws {
        try await withSimulator {
            $0.behaviour.poisons = [
                Poison(column: "name", value: "Mallory"), Poison(column: "key", value: "9", code: "x.y"),
            ]
        } _: { simulator, client in
            let list = try await client.createList()
            let rows = [TestClient.contact("a"), TestClient.contact("b", name: "Mallory")]
            #expect(try await client.post(rows, to: list).refusal == Refusal(400, "invalid.contact.columns"))
            #expect(try await client.post([TestClient.contact("9")], to: list).refusal == Refusal(400, "x.y"))
            #expect(try await client.post([TestClient.contact("a")], to: list).status == 200)
            #expect(simulator.contactLists.map(\.size) == [1])
        }
    }

    @Test func theAnswerMayBeShuffledOrShort() async throws {
        try await withSimulator {
            $0.behaviour.responseOrder = .shuffled
        } _: { simulator, client in
            let list = try await client.createList()
            let ids = (10..<40).map { "c\($0)" }
            let rows = ids.map { TestClient.contact($0) }
            let shuffled = try await client.post(rows, to: list).array.compactMap { $0["id"] as? String }
            #expect(shuffled != ids)
            #expect(shuffled.sorted() == ids)
            simulator.behaviour.responseOrder = .short
            let short = try await client.post(rows, to: list).array.compactMap { $0["id"] as? String }
            #expect(short == ids.dropLast())
        }
    }

    @Test func aZipCodeHasFiveOrNineDigits() async throws {
        try await withSimulator { _, client in
            let body = try TestClient.json([
                "name": "Zipped", "columnNames": ["phone", "zip"], "automaticTimeZoneMapping": true,
                "phoneColumns": [["columnName": "phone", "type": "cell"]], "zipCodeColumnName": "zip",
            ])
            let list = try #require(try await client.send(.post, "/api/v2/outbound/contactlists", body: body)["id"])
            func post(_ zip: String) async throws -> Answer {
                try await client.post([["id": "a", "data": ["phone": "+1", "zip": zip]]], to: list)
            }
            for zip in ["12345", "123456789", "12345-6789", ""] { #expect(try await post(zip).status == 200) }
            #expect(try await post("1234").refusal == Refusal(400, "invalid.zip.code.contact.value"))
        }
    }

    @Test func aBodyAboveTheLimitIsTooLarge() async throws {
        try await withSimulator {
            $0.maximumBodyBytes = 1_000
        } _: { _, client in
            let list = try await client.createList()
            let rows = (0..<20).map { TestClient.contact("c\($0)") }
            #expect(try await client.post(rows, to: list).refusal == Refusal(413, "response.entity.too.large"))
            #expect(try await client.post([TestClient.contact("c")], to: list).status == 200)
        }
    }

    @Test func tenMegabytesAreTaken() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList(columns: ["phone"] + (1..<30).map { "column\($0)" })
            let value = String(repeating: "x", count: 350)
            let data = Dictionary(uniqueKeysWithValues: [("phone", "+1")] + (1..<30).map { ("column\($0)", value) })
            let rows = (0..<1_000).map { ["id": "c\($0)", "data": data] as [String: Any] }
            #expect(try TestClient.json(rows).utf8.count > 10_000_000)
            #expect(try await client.post(rows, to: list).status == 200)
            #expect(simulator.contactLists.map(\.size) == [1_000])
        }
    }

    @Test func anEchoAnswersTheRequestItself() async throws {
        try await withSimulator {
            $0.echoesContacts = true
        } _: { simulator, client in
            let list = try await client.createList()
            let body = "[{\"id\": \"a\"},  anything]"
            let answer = try await client.send(.post, "/api/v2/outbound/contactlists/\(list)/contacts", body: body)
            #expect(answer.status == 200)
            #expect(answer.text == body)
            #expect(answer.header("inin-ratelimit-allowed") == "300")
            #expect(simulator.contactLists.map(\.size) == [0])
            #expect(simulator.statistics.contactPosts == 1)
        }
    }
}
