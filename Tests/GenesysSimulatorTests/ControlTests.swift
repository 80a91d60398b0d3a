import Foundation
import GenesysSimulator
import Testing

@Suite struct ControlTests {
    @Test func statisticsAreGivenByPath() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            _ = try await client.post([TestClient.contact("a")], to: list)
            _ = try await client.send(.get, "/api/v2/nothing/here")
            let answer = try await client.send(.get, "/simulator/statistics")
            #expect(answer.object["contacts_created"] as? Int == 1)
            #expect(answer.object["connections_accepted"] as? Int == 5)
            let requests = try #require(answer.object["requests"] as? [String: [String: Int]])
            #expect(
                requests == [
                    "POST /oauth/token": ["200": 1], "POST /api/v2/outbound/contactlists": ["200": 1],
                    "POST /api/v2/outbound/contactlists/{contactListId}/contacts": ["200": 1],
                    "GET unknown path": ["404": 1],
                ]
            )
            #expect(try JSONDecoder().decode(SimulatorStatistics.self, from: answer.body) == simulator.statistics)
        }
    }

    @Test func contactsAreStreamedAsSortedLines() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            for start in [2_000, 1_000, 3_000] {
                _ = try await client.post((start..<start + 800).map { TestClient.contact("c\($0)") }, to: list)
            }
            try simulator.dial(2_400, inList: list, result: "busy")
            _ = try await client.post([TestClient.contact("c1000")], to: list)
            let answer = try await client.send(.get, "/simulator/lists/\(list)/contacts")
            let lines = try answer.text.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
            let contacts = try simulator.contacts(ofList: list)
            #expect(lines.compactMap { $0["id"] as? String } == contacts.map(\.id))
            #expect(contacts.map(\.id) == contacts.map(\.id).sorted())
            #expect(lines.map { $0["data"] as? [String: String] } == contacts.map(\.data))
            #expect(lines.map { $0["queue_position"] as? Int } == contacts.map(\.queuePosition))
            #expect(lines.map { $0["dial_count"] as? Int } == contacts.map(\.dialCount))
            #expect(lines.allSatisfy { $0["callable"] as? Bool == true })
            let record = (lines[0]["call_records"] as? [String: [String: String]])?["phone"]
            #expect(record?["last_result"] == "busy")
            #expect(record?["last_attempt"] != nil)
            #expect(try await client.send(.get, "/simulator/lists/none/contacts").status == 404)
        }
    }

    @Test func listsAreGivenByPath() async throws {
        try await withSimulator { simulator, client in
            let id = try await client.createList("Leads")
            let answer = try await client.send(.get, "/simulator/lists")
            let lists = try #require(answer.object["lists"] as? [[String: Any]])
            #expect(lists.first?["id"] as? String == id)
            #expect(lists.first?["phone_columns"] as? [String] == ["phone"])
            #expect(simulator.contactLists.map(\.name) == ["Leads"])
        }
    }

    @Test func behaviourIsSetAndReadByPath() async throws {
        try await withSimulator { simulator, client in
            let body =
                #"{"bad_rows": "skip_row", "read_delay_seconds": 2.5, "poisons": [{"column": "a", "value": "b"}]}"#
            #expect(try await client.send(.put, "/simulator/behaviour", body: body).status == 200)
            var expected = Behaviour()
            expected.badRows = .skipRow
            expected.readDelaySeconds = 2.5
            expected.poisons = [Poison(column: "a", value: "b")]
            #expect(simulator.behaviour == expected)
            let read = try await client.send(.get, "/simulator/behaviour")
            let behaviour = try JSONDecoder().decode(Behaviour.self, from: read.body)
            #expect(behaviour == expected)
            let delays = #"""
                {"export_delay_seconds": 1, "export_serves_stale": false, "export_header_defect": false, "job_seconds": 2}
                """#
            #expect(try await client.send(.put, "/simulator/behaviour", body: delays).status == 200)
            expected = Behaviour()
            expected.exportDelaySeconds = 1
            expected.exportServesStale = false
            expected.exportHeaderDefect = false
            expected.jobSeconds = 2
            #expect(simulator.behaviour == expected)
            let unusable = [
                #"{"bad_row": "x"}"#, #"{"bad_rows": "x"}"#, #"{"read_delay_seconds": 1e300}"#, #"{"job_seconds": -1}"#,
            ]
            for wrong in unusable {
                #expect(try await client.send(.put, "/simulator/behaviour", body: wrong).status == 400)
            }
            #expect(simulator.behaviour == expected)
        }
    }

    @Test func aResetReturnsToTheStart() async throws {
        try await withSimulator {
            $0.behaviour.badRows = .skipRow
        } _: { simulator, client in
            _ = try await client.createList()
            simulator.faults = [Fault(.slow)]
            simulator.behaviour = Behaviour()
            #expect(try await client.send(.post, "/simulator/reset").status == 204)
            #expect(simulator.contactLists.isEmpty)
            #expect(simulator.faults.isEmpty)
            #expect(simulator.behaviour.badRows == .skipRow)
            #expect(simulator.statistics == SimulatorStatistics())
            #expect(try await client.send(.get, "/api/v2/tokens/me").refusal == Refusal(401, "bad.credentials"))
        }
    }

    @Test func aListThatIsNotThereIsAnError() async throws {
        try await withSimulator { simulator, _ in
            #expect(throws: SimulatorError.self) { try simulator.contacts(ofList: "none") }
            #expect(throws: SimulatorError.self) { try simulator.dial(1, inList: "none") }
        }
    }
}
