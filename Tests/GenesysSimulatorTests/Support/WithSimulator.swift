import GenesysSimulator

/// Runs a test against a simulator of its own, with a client that is logged in and may also delete.
func withSimulator(
    _ configure: (inout SimulatorOptions) -> Void = { _ in },
    _ test: (Simulator, TestClient) async throws -> Void
) async throws {
    var options = SimulatorOptions()
    options.permissions.formUnion(["outbound:contact:delete", "outbound:contactList:delete"])
    configure(&options)
    let simulator = try await Simulator.start(options)
    do {
        var client = TestClient(baseURL: simulator.baseURL)
        try await client.logIn()
        try await test(simulator, client)
    } catch {
        await simulator.shutdown()
        throw error
    }
    await simulator.shutdown()
}
