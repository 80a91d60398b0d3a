import Foundation
import GenesysSimulator
import Testing

@Suite struct ExportTests {
    private static let header =
        "key,name,phone,ContactCallable,ContactableByVoice,ContactableBySms,ContactableByEmail,"
        + "ZipCodeAutomaticTimeZone,CallRecordLastAttempt-phone,CallRecordLastResult-phone,"
        + "CallRecordLastAgentWrapup-phone,SmsLastAttempt-phone,SmsLastResult-phone,Callable-phone,"
        + "ContactableByVoice-phone,ContactableBySms-phone,AutomaticTimeZone-phone"

    private func path(_ list: String) -> String { "/api/v2/outbound/contactlists/\(list)/export" }

    /// The path of the export's file, which the service gives as a whole address.
    private func file(_ answer: Answer) throws -> String {
        let uri = try #require(answer["uri"])
        let path = try #require(URLComponents(string: uri)?.path)
        #expect(uri.hasPrefix("http://127.0.0.1:"))
        return path
    }

    /// The rows of an export without what follows the list's columns and the flag.
    private func rows(_ text: String, dropping count: Int = 1) -> [String] {
        text.components(separatedBy: "\r\n").dropFirst(count).filter { !$0.isEmpty }.map { row in
            row.split(separator: ",", omittingEmptySubsequences: false).prefix(5).joined(separator: ",")
        }
    }

    @Test func anExportHasTheListsColumnsAndThoseOfTheService() async throws {
        try await withSimulator { simulator, client in
            let list = try await client.createList()
            let rows = [TestClient.contact("b", name: "Bob \"B\", jr.\n"), TestClient.contact("a", phone: "")]
            _ = try await client.post(rows, to: list)
            try simulator.dial(1, inList: list, result: "busy")
            try simulator.edit([.callable(id: "a", false)], inList: list)
            let none = try await client.send(.get, path(list))
            #expect(none.refusal == Refusal(404, "no.available.list.export.uri"))
            #expect(try await client.send(.post, path(list))["id"] == list)
            let ready = try await client.send(.get, path(list))
            #expect(ready["exportTimestamp"] != nil)
            let csv = try await client.send(.get, file(ready))
            #expect(csv.status == 200)
            #expect(csv.header("Content-Type") == "text/csv; charset=utf-8")
            let lines = csv.text.components(separatedBy: "\r\n")
            #expect(lines.count == 4)
            #expect(lines[0] == "\u{FEFF}\"\"\"inin-outbound-id\"\"\"," + Self.header)
            #expect(lines[1] == "a,a,Ada,,0,1,1,1,,,,,,,1,1,1,")
            #expect(lines[2].hasPrefix("b,b,\"Bob \"\"B\"\", jr.\n\",+35319131122,1,1,1,1,,20"))
            #expect(lines[2].hasSuffix("Z,busy,,,,1,1,1,"))
            #expect(simulator.statistics.exports == 1)
        }
    }

    @Test func theHeaderMayBeInOrder() async throws {
        try await withSimulator {
            $0.behaviour.exportHeaderDefect = false
        } _: { _, client in
            let list = try await client.createList()
            _ = try await client.send(.post, path(list))
            let csv = try await client.send(.get, file(client.send(.get, path(list))))
            #expect(csv.text == "inin-outbound-id,\(Self.header)\r\n")
        }
    }

    @Test(arguments: [true, false])
    func anExportTakesItsTimeAndHoldsWhatIsStoredAtItsEnd(servesStale: Bool) async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
            $0.behaviour.exportServesStale = servesStale
        } _: { simulator, client in
            let list = try await client.createList()
            _ = try await client.post([TestClient.contact("a")], to: list)
            _ = try await client.send(.post, path(list))
            let first = try await client.send(.get, path(list))
            simulator.behaviour.exportDelaySeconds = 10
            _ = try await client.send(.post, path(list))
            clock.advance(by: .seconds(9))
            _ = try await client.post([TestClient.contact("b")], to: list)
            let meanwhile = try await client.send(.get, path(list))
            if servesStale {
                #expect(meanwhile.text == first.text)
            } else {
                #expect(meanwhile.refusal == Refusal(404, "no.available.list.export.uri"))
            }
            clock.advance(by: .seconds(1))
            let second = try await client.send(.get, path(list))
            _ = try await client.post([TestClient.contact("c")], to: list)
            #expect(second["exportTimestamp"] != first["exportTimestamp"])
            let csv = try await client.send(.get, file(second))
            #expect(rows(csv.text) == ["a,a,Ada,+35319131122,1", "b,b,Ada,+35319131122,1"])
            #expect(try await client.send(.get, file(first)).refusal == Refusal(404, "not.found"))
        }
    }

    @Test func exportsOfTheSameInstantDifferInTheirTimes() async throws {
        try await withSimulator {
            $0.clock = ManualClock()
        } _: { simulator, client in
            let list = try await client.createList()
            var times: Set<String?> = []
            for _ in 0..<3 {
                _ = try await client.send(.post, path(list))
                times.insert(try await client.send(.get, path(list))["exportTimestamp"])
            }
            #expect(times.count == 3)
            #expect(simulator.statistics.exports == 3)
        }
    }

    @Test func thousandsOfContactsAreStreamed() async throws {
        try await withSimulator { _, client in
            let list = try await client.createList()
            for start in [1_000, 2_000, 3_000] {
                _ = try await client.post((start..<start + 700).map { TestClient.contact("c\($0)") }, to: list)
            }
            _ = try await client.send(.post, path(list))
            let csv = try await client.send(.get, file(client.send(.get, path(list))))
            let ids = rows(csv.text).compactMap { $0.split(separator: ",").first.map(String.init) }
            #expect(ids == [1_000, 2_000, 3_000].flatMap { start in (start..<start + 700).map { "c\($0)" } })
        }
    }

    @Test(arguments: ["outbound:contact:view", "outbound:contactList:view"])
    func anExportNeedsBothPermissions(missing: String) async throws {
        try await withSimulator {
            $0.permissions.remove(missing)
        } _: { _, client in
            let list = try await client.createList()
            for method in [TestClient.Method.post, .get] {
                let refused = try await client.send(method, path(list))
                #expect(refused.refusal == Refusal(403, "missing.permissions"))
                #expect(refused["message"]?.contains(missing) == true)
            }
        }
    }

    @Test func whatIsNotThereIsNotExported() async throws {
        try await withSimulator { _, client in
            let missing = Refusal(404, "contact.list.not.found")
            #expect(try await client.send(.post, path("none")).refusal == missing)
            #expect(try await client.send(.get, path("none")).refusal == missing)
            #expect(try await client.send(.get, "/api/v2/downloads/none").refusal == Refusal(404, "not.found"))
            var stranger = client
            stranger.token = nil
            let refused = try await stranger.send(.get, "/api/v2/downloads/none")
            #expect(refused.refusal == Refusal(401, "authentication.required"))
        }
    }

    @Test func anImportThatNeverWasIsDone() async throws {
        try await withSimulator { _, client in
            let list = try await client.createList()
            let status = try await client.send(.get, "/api/v2/outbound/contactlists/\(list)/importstatus")
            #expect(status.object["state"] == nil)
            #expect(status.object["percentComplete"] as? Int == 100)
            let none = try await client.send(.get, "/api/v2/outbound/contactlists/none/importstatus")
            #expect(none.refusal == Refusal(404, "contact.list.not.found"))
        }
    }
}
