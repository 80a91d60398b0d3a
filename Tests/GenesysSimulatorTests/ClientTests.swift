import GenesysCloud
import GenesysSimulator
import Synchronization
import Testing

/// The project's own client against the simulator: what one says, the other understands.
@Suite struct ClientTests {
    /// A client and a list with a, b, c and d, of which b is in use.
    private func withClient(
        _ behaviour: Behaviour = Behaviour(),
        faults: [Fault] = [],
        _ test: (Simulator, GenesysClient, _ list: String) async throws -> Void
    ) async throws {
        let clock = JumpingClock()
        try await withSimulator {
            $0.clock = clock
            $0.behaviour = behaviour
            $0.behaviour.contactsInUse = ["b"]
        } _: { simulator, setUp in
            let list = try await setUp.createList()
            let rows = ["a", "b", "c", "d"].map { TestClient.contact($0, name: "Name, \"\($0)\"\n") }
            _ = try await setUp.post(rows, to: list)
            simulator.faults = faults
            let options = SimulatorOptions()
            let configuration = GenesysConfiguration(
                endpoint: GenesysEndpoint(baseURL: simulator.baseURL),
                credentials: GenesysCredentials(clientID: options.clientID, clientSecret: options.clientSecret)
            )
            let client = try GenesysClient(configuration, clock: clock)
            try await test(simulator, client, list)
            await client.shutdown()
        }
    }

    /// The export as texts, one for each contact.
    private func export(_ client: GenesysClient, _ list: String) async throws -> [String] {
        let state = Mutex((reader: ContactExportReader(columns: ["phone", "name"]), rows: [String]()))
        try await client.exportContacts(listID: list) { piece in
            try state.withLock { state in
                var rows: [String] = []
                try state.reader.read(piece) { rows.append(Self.text($0)) }
                state.rows += rows
            }
        }
        return try state.withLock { state in
            var rows = state.rows
            try state.reader.finish { rows.append(Self.text($0)) }
            return rows
        }
    }

    private static func text(_ contact: ExportedContact) -> String {
        "\(contact.id) \(contact.values) \(contact.isCallable == true)"
    }

    private static func row(_ id: String, callable: Bool = true) -> String {
        "\(id) \(["+35319131122", "Name, \"\(id)\"\n"]) \(callable)"
    }

    @Test func anExportIsReadAsItWasStored() async throws {
        var behaviour = Behaviour()
        behaviour.exportDelaySeconds = 20
        try await withClient(behaviour) { simulator, client, list in
            #expect(try await export(client, list) == ["a", "b", "c", "d"].map { Self.row($0) })
            try simulator.edit([.callable(id: "c", false), .delete(id: "d")], inList: list)
            // The first is still served while the second is made.
            #expect(
                try await export(client, list) == [Self.row("a"), Self.row("b"), Self.row("c", callable: false)]
            )
            #expect(simulator.statistics.exports == 2)
        }
    }

    @Test func anExportSurvivesFaultsAndATokenThatDies() async throws {
        let faults = [
            Fault(.tokenDeath, rate: 0.2, count: 1, paths: .api),
            Fault(.serviceUnavailable, rate: 0.3, count: 5, paths: .api),
            Fault(.dropAfter, rate: 0.3, count: 3, paths: .api),
        ]
        try await withClient(faults: faults) { _, client, list in
            for _ in 0..<5 {
                let rows = try await export(client, list)
                #expect(rows.count == 4)
            }
        }
    }

    @Test func whatADeletionLeavesIsFoundByReadingBack() async throws {
        try await withClient { simulator, client, list in
            try await client.deleteContacts(listID: list, ids: ["a", "b", "c", "none"])
            let left = try await client.contacts(listID: list, ids: ["a", "b", "c", "none"])
            #expect(left.map(\.id) == ["b"])
            #expect(simulator.statistics.contactsDeleted == 2)
        }
    }

    @Test(arguments: [0, 30.0])
    func contactsAreMadeUncallable(seconds: Double) async throws {
        var behaviour = Behaviour()
        behaviour.jobSeconds = seconds
        try await withClient(behaviour) { simulator, client, list in
            try await client.makeUncallable(listID: list, ids: ["a", "b"])
            let contacts = try await client.contacts(listID: list, ids: ["a", "b", "c"])
            #expect(contacts.map(\.callable) == [false, false, true])
            #expect(simulator.statistics.contactsMadeUncallable == 2)
        }
    }
}
