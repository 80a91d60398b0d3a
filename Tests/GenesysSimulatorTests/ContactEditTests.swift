import Foundation
import GenesysSimulator
import Testing

@Suite struct ContactEditTests {
    /// A client, and a list with a, b and c.
    private func withContacts(
        _ test: (Simulator, TestClient, _ list: String) async throws -> Void
    ) async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            _ = try await client.post(["a", "b", "c"].map { TestClient.contact($0) }, to: list)
            try await test(simulator, client, list)
        }
    }

    @Test func contactsAreChangedBehindTheClientsBack() async throws {
        try await withContacts { simulator, client, list in
            let before = simulator.statistics
            let body = #"""
                [{"edit": "set", "id": "a", "data": {"phone": "1"}}, {"edit": "delete", "id": "b"},
                {"edit": "add", "id": "x", "data": {"name": "New"}}, {"edit": "callable", "id": "c", "callable": false}]
                """#
            let answer = try await client.send(.post, "/simulator/lists/\(list)/edits", body: body)
            #expect(answer.status == 200)
            #expect(answer.object["edited"] as? Int == 4)
            let contacts = try simulator.contacts(ofList: list)
            #expect(contacts.map(\.id) == ["a", "c", "x"])
            #expect(
                contacts.map(\.data) == [
                    ["key": "a", "name": "Ada", "phone": "1"], ["key": "c", "name": "Ada", "phone": "+35319131122"],
                    ["key": "", "name": "New", "phone": ""],
                ]
            )
            #expect(contacts.map(\.callable) == [true, false, true])
            #expect(contacts.map { $0.queuePosition != nil } == [true, true, true])
            var after = simulator.statistics
            after.connectionsAccepted = before.connectionsAccepted
            #expect(after == before)
        }
    }

    @Test(arguments: [
        (#"{"edit": "set", "id": "z", "data": {}}"#, "there is no contact with id z"),
        (#"{"edit": "set", "id": "a", "data": {"Phone": "1"}}"#, "the list has no column Phone"),
        (#"{"edit": "set", "id": "a"}"#, ""),
        (#"{"edit": "delete", "id": "z"}"#, "there is no contact with id z"),
        (#"{"edit": "callable", "id": "z", "callable": true}"#, "there is no contact with id z"),
        (#"{"edit": "callable", "id": "a"}"#, ""),
        (#"{"edit": "add", "id": "a", "data": {}}"#, "there is a contact with id a already"),
        (#"{"edit": "add", "id": "", "data": {}}"#, "must not be empty"),
        (#"{"edit": "add", "id": "x", "data": {"Phone": "1"}}"#, "contact columns are invalid"),
        (#"{"edit": "paint", "id": "a"}"#, ""),
        (#"{"edit": "delete", "id": "a", "colour": "red"}"#, "colour"),
    ])
    func withOneThatCannotBeMadeNoneIs(edit: String, reason: String) async throws {
        try await withContacts { simulator, client, list in
            let before = try simulator.contacts(ofList: list)
            let good = #"{"edit": "set", "id": "b", "data": {"name": "Grace"}}, {"edit": "delete", "id": "c"}"#
            let answer = try await client.send(.post, "/simulator/lists/\(list)/edits", body: "[\(good), \(edit)]")
            #expect(answer.status == 400)
            #expect(reason.isEmpty || answer.text.contains(reason))
            #expect(try simulator.contacts(ofList: list) == before)
        }
    }

    @Test func editsAreMadeInOrderFromSwiftToo() async throws {
        try await withContacts { simulator, client, list in
            try simulator.edit(
                [.delete(id: "a"), .add(id: "a", data: ["name": "Grace"]), .set(id: "a", data: ["phone": "2"])],
                inList: list
            )
            #expect(try simulator.contacts(ofList: list).first?.data == ["key": "", "name": "Grace", "phone": "2"])
            #expect(throws: SimulatorError.self) { try simulator.edit([.delete(id: "z")], inList: list) }
            #expect(throws: SimulatorError.self) { try simulator.edit([], inList: "none") }
            #expect(try await client.send(.post, "/simulator/lists/none/edits", body: "[]").status == 404)
        }
    }
}
