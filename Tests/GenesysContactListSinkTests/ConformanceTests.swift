import GenesysContactListSink
import GenesysSimulator
import RollcallCore
import RollcallTestSupport
import Testing

/// The sink keeps what `Sink` and `SinkWriter` promise, with the simulator as its destination.
@Suite struct ConformanceTests {
    private func sample(_ simulator: Simulator) -> SinkSample {
        let options = SimulatorOptions()
        var sample = SinkSample(
            GenesysContactListSink.self,
            [
                "base_url": .init(stringLiteral: simulator.baseURL),
                "client_id": .init(stringLiteral: options.clientID),
                "client_secret": .init(stringLiteral: options.clientSecret), "list": "leads", "key": "LeadId",
                "phone_columns": ["Phone": "cell"], "rows_per_request": 3,
            ],
            columns: [.init("LeadId"), .init("Phone"), .init("Full name")],
            rows: [
                ["1", "+302101234567", "Ada \"Countess\" Lovelace"], ["a b/c", "+302101234568", nil],
                ["Γ", "+302101234569", "Γιώργος 👩‍👩‍👧"], ["4", nil, "line\r\nbreak, and \\"], ["x-5", "+302101234571", ""],
                ["6", "", "e\u{301}"], ["07", "+302101234573", "'; DROP"],
            ]
        )
        sample.refused = [
            ["8", "+302101234574", String(repeating: "kanarienvogel", count: 40)],
            [nil, "+302101234575", "Grace Hopper"],
            ["", "+302101234576", "Grace Hopper"], ["9", "+302101234577", "Grace Murray Hopper"],
        ]
        sample.beginsAbsent = true
        sample.contents = {
            guard let list = simulator.contactLists.first else { return [] }
            return try simulator.contacts(ofList: list.id).map { contact in
                ["LeadId", "Phone", "Full name"].map { contact.data[$0] }
            }
        }
        return sample
    }

    @Test(arguments: [Behaviour.BadRows.refuseRequest, .skipRow])
    func aListIsKeptAsTheContractSays(_ badRows: Behaviour.BadRows) async throws {
        var options = SimulatorOptions()
        options.permissions.formUnion(["outbound:contact:delete"])
        options.behaviour.badRows = badRows
        options.behaviour.poisons = [Poison(column: "Full name", value: "Grace Murray Hopper")]
        let simulator = try await Simulator.start(options)
        await expectConformance(of: sample(simulator))
        await simulator.shutdown()
    }
}
