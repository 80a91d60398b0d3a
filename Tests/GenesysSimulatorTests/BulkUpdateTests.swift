import Foundation
import GenesysSimulator
import Testing

@Suite struct BulkUpdateTests {
    /// A client, and the path of the bulk operations of a list with a, b and c.
    private func withContacts(
        _ configure: (inout SimulatorOptions) -> Void = { _ in },
        _ test: (Simulator, TestClient, _ list: String, _ path: String) async throws -> Void
    ) async throws {
        try await withSimulator(configure) { simulator, client in
            let list = try await client.createList()
            _ = try await client.post(["a", "b", "c"].map { TestClient.contact($0) }, to: list)
            try await test(simulator, client, list, "/api/v2/outbound/contactlists/\(list)/contacts/bulk")
        }
    }

    @Test func aJobPatchesOnlyWhatItNames() async throws {
        try await withContacts { simulator, client, list, path in
            let before = try simulator.contacts(ofList: list)
            let body = #"""
                {"contactIds": ["a", "c", "a", "none"], "contact": {"callable": false, "data": {"name": "Grace"}},
                "generateDownloadURI": false}
                """#
            let answer = try await client.send(.post, "\(path)/update", body: body)
            #expect(answer.status == 200)
            #expect(answer["state"] == "Complete")
            #expect(answer["type"] == "BulkEdit")
            #expect(answer.object["totalRecords"] as? Int == 2)
            #expect(answer.object["completedRecords"] as? Int == 2)
            let after = try simulator.contacts(ofList: list)
            #expect(after.map(\.callable) == [false, true, false])
            #expect(after.map { $0.data["name"] } == ["Grace", "Ada", "Grace"])
            #expect(after.map { $0.data["phone"] } == before.map { $0.data["phone"] })
            #expect(after.map(\.queuePosition) == before.map(\.queuePosition))
            #expect(simulator.statistics.contactsMadeUncallable == 2)
            let again = #"{"contactIds": ["a"], "contact": {"callable": false}}"#
            #expect(try await client.send(.post, "\(path)/update", body: again).status == 200)
            #expect(simulator.statistics.contactsMadeUncallable == 2)
        }
    }

    @Test func aJobTakesItsTimeAndHasItsEffectAtTheEnd() async throws {
        let clock = ManualClock()
        try await withContacts {
            $0.clock = clock
            $0.behaviour.jobSeconds = 5
        } _: { simulator, client, list, path in
            let body = #"{"contactIds": ["a"], "contact": {"callable": false}}"#
            let answer = try await client.send(.post, "\(path)/update", body: body)
            #expect(answer.status == 202)
            #expect(answer["state"] == "InProgress")
            let job = "\(path)/jobs/\(try #require(answer["id"]))"
            #expect(answer["selfUri"] == job)
            clock.advance(by: .milliseconds(4_999))
            #expect(try await client.send(.get, job)["state"] == "InProgress")
            #expect(try simulator.contacts(ofList: list).map(\.callable) == [true, true, true])
            clock.advance(by: .milliseconds(1))
            #expect(try simulator.contacts(ofList: list).map(\.callable) == [false, true, true])
            #expect(simulator.statistics.contactsMadeUncallable == 1)
            let done = try await client.send(.get, job)
            #expect(done["state"] == "Complete")
            #expect(done.object["percentComplete"] as? Int == 100)
        }
    }

    @Test func theTenLastJobsAreListed() async throws {
        try await withContacts { _, client, _, path in
            var ids: [String] = []
            for _ in 0..<11 {
                let body = #"{"contactIds": ["a"], "contact": {"callable": true}}"#
                ids.append(try #require(try await client.send(.post, "\(path)/update", body: body)["id"]))
            }
            let listed = try await client.send(.get, "\(path)/jobs").entities
            #expect(listed.compactMap { $0["id"] as? String } == ids.dropFirst().reversed())
            #expect(try await client.send(.get, "\(path)/jobs/none").refusal == Refusal(404, "resource.not.found"))
        }
    }

    @Test(arguments: [
        ("constraint.validation", #"{"criteria": {}, "contact": {"callable": false}}"#),
        ("constraint.validation", #"{"contactListFilterId": "x", "contact": {"callable": false}}"#),
        ("constraint.validation", #"{"contactIds": [], "contact": {"callable": false}}"#),
        ("constraint.validation", #"{"contact": {"callable": false}}"#),
        ("constraint.validation", #"{"contactIds": ["a"]}"#),
        ("constraint.validation", #"{"contactIds": ["a"], "contact": {"data": {}}}"#),
        ("bad.request", #"{"contactIds": ["a"], "contact": {"callabel": false}}"#),
        ("invalid.contact.columns", #"{"contactIds": ["a"], "contact": {"data": {"Phone": "1"}}}"#),
        (
            "invalid.value",
            #"{"contactIds": ["a"], "contact": {"data": {"name": "\#(String(repeating: "x", count: 70_000))"}}}"#
        ),
    ])
    func whatCannotBeDoneIsRefused(code: String, body: String) async throws {
        try await withContacts { simulator, client, list, path in
            let refused = try await client.send(.post, "\(path)/update", body: body)
            #expect(refused.refusal == Refusal(400, code))
            #expect(try simulator.contacts(ofList: list).allSatisfy { $0.callable && $0.data["name"] == "Ada" })
        }
    }

    @Test func jobsHavePermissionsOfTheirOwn() async throws {
        try await withContacts {
            $0.permissions.subtract(["outbound:contact:edit", "outbound:contactList:view"])
        } _: { _, client, _, path in
            let update = try await client.send(.post, "\(path)/update", body: "{}")
            #expect(update["message"]?.contains("[outbound:contact:edit]") == true)
            for jobs in ["jobs", "jobs/x"] {
                let refused = try await client.send(.get, "\(path)/\(jobs)")
                #expect(refused["message"]?.contains("[outbound:contactList:view]") == true)
            }
        }
    }
}
