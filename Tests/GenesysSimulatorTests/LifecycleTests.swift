import Foundation
import GenesysSimulator
import Logging
import ServiceLifecycle
import Testing

@Suite struct LifecycleTests {
    @Test func severalRunInOneProcess() async throws {
        try await withSimulator { one, client in
            try await withSimulator { other, _ in
                #expect(one.baseURL != other.baseURL)
                _ = try await client.createList()
                #expect(one.contactLists.count == 1)
                #expect(other.contactLists.isEmpty)
            }
        }
    }

    @Test func aTakenPortIsSaidSo() async throws {
        try await withSimulator { simulator, client in
            var options = SimulatorOptions()
            options.port = client.port
            let error = await #expect(throws: SimulatorError.self) { try await Simulator.start(options) }
            #expect(error?.description.contains("cannot listen on 127.0.0.1 port \(client.port)") == true)
        }
    }

    @Test func shutdownDoesNotWaitForASlowAnswer() async throws {
        let clock = ManualClock()
        var options = SimulatorOptions()
        options.clock = clock
        options.faults = [Fault(.slow, paths: .api)]
        let simulator = try await Simulator.start(options)
        var client = TestClient(baseURL: simulator.baseURL)
        try await client.logIn()
        let waiting = Task { [client] in try await client.send(.get, "/api/v2/tokens/me") }
        await clock.waitForSleeper()
        await simulator.shutdown()
        _ = await waiting.result
        await #expect(throws: (any Error).self) { try await client.send(.get, "/") }
    }

    @Test func aPortIsFreeAfterShutdown() async throws {
        var options = SimulatorOptions()
        let first = try await Simulator.start(options)
        options.port = TestClient(baseURL: first.baseURL).port
        await first.shutdown()
        let second = try await Simulator.start(options)
        #expect(second.baseURL == first.baseURL)
        await second.shutdown()
    }

    @Test func itRunsAsAServiceUntilAskedToStop() async throws {
        let simulator = try await Simulator.start()
        let client = TestClient(baseURL: simulator.baseURL)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [simulator], logger: logger))
        async let run: Void = group.run()
        #expect(try await client.send(.get, "/").status == 200)
        await group.triggerGracefulShutdown()
        try await run
        await #expect(throws: (any Error).self) { try await client.send(.get, "/") }
    }

    @Test func aCancelledRunStops() async throws {
        let simulator = try await Simulator.start()
        let client = TestClient(baseURL: simulator.baseURL)
        let run = Task { try await simulator.run() }
        #expect(try await client.send(.get, "/").status == 200)
        run.cancel()
        try await run.value
        await #expect(throws: (any Error).self) { try await client.send(.get, "/") }
    }
}
