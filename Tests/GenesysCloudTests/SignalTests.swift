import Testing

@testable import GenesysCloud

@Suite struct SignalTests {
    @Test func aChangeAfterTheGenerationIsNotMissed() async throws {
        let signal = Signal<Int>()
        let generation = signal.generation
        signal.notify(7)
        #expect(try await signal.change(after: generation) == 7)
    }

    @Test func aChangeReachesEveryoneWhoWaits() async throws {
        let signal = Signal<Int>()
        let generation = signal.generation
        let waiting = (0..<10).map { _ in Task { try await signal.change(after: generation) } }
        await Task.yield()
        signal.notify(3)
        for task in waiting {
            #expect(try await task.value == 3)
        }
    }

    @Test func aCancelledTaskStopsWaiting() async {
        let signal = Signal<Int>()
        let task = Task { try await signal.change(after: 0) }
        await Task.yield()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
