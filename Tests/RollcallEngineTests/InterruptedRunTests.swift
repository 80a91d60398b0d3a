import Glibc
import PostgresCheckpoints
import RollcallCore
import RollcallTestSupport
import Synchronization
import Testing

@testable import RollcallEngine

/// Runs of a pipeline that lives in memory, each ended by something at a seeded moment.
@Suite struct InterruptedRunTests {
    private static let rowCount = 57

    /// What ends a run before its time.
    enum Interruption: CaseIterable {
        case stop
        case failure
        case cancellation
    }

    @Test(arguments: Interruption.allCases)
    func howeverRunsEndEveryRowArrivesInTheEnd(_ interruption: Interruption) async throws {
        let store = try await StateStore.open(try await TestPostgres.database())
        var random = SeededGenerator(seed: 11)
        for seed in 0..<40 {
            let world = World(rowCount: Self.rowCount)
            var runs = 0
            repeat {
                // A whole run has about ninety, and reads half of its rows before the first is delivered.
                let moment = Int.random(in: 1...80, using: &random)
                if try await Self.run(world, "\(interruption)-\(seed)", interruption, at: moment, store) { break }
                runs += 1
                try #require(runs < 500)
            } while true
            let missing = Set(0..<Self.rowCount).subtracting(world.delivered)
            #expect(missing == [], "seed \(seed), after \(runs) interruptions")
        }
        await store.close()
    }

    /// However often it is run: what is before a row that cannot be read must not wait for it.
    @Test(arguments: [1, 8, 23, 56], [true, false])
    func allRowsBeforeOneThatFailsArrive(number: Int, inTransform: Bool) async throws {
        let store = try await StateStore.open(try await TestPostgres.database())
        let world = World(rowCount: Self.rowCount)
        world.breakDown(at: number, inTransform: inTransform)
        let name = "broken-\(number)-\(inTransform)"
        let error = await #expect(throws: RollcallError.self) {
            try await PipelineRun(world.pipeline(name), store: store).execute()
        }
        #expect(error?.description.contains("broken") == true)
        #expect(world.delivered == Set(0..<number))
        world.breakDown(at: .max, inTransform: inTransform)
        _ = try await PipelineRun(world.pipeline(name), store: store).execute()
        #expect(world.delivered == Set(0..<Self.rowCount))
        await store.close()
    }

    /// Runs once, and says whether the end was reached.
    private static func run(
        _ world: World,
        _ name: String,
        _ interruption: Interruption,
        at moment: Int,
        _ store: StateStore
    ) async throws -> Bool {
        let stop = StopSignal()
        let run = PipelineRun(world.pipeline(name), store: store, stop: stop)
        let task = Mutex<Task<RunReport, any Error>?>(nil)
        world.arm(after: moment) {
            switch interruption {
            case .stop: stop.request()
            case .failure: throw RollcallError(.fatal, "the cable was pulled")
            case .cancellation: task.withLock { $0?.cancel() }
            }
        }
        let running = task.withLock { task in
            let running = Task { try await run.execute() }
            task = running
            return running
        }
        do {
            let report = try await running.value
            #expect(report.balance.holds)
            return !report.wasStopped
        } catch is CancellationError {
            return false
        } catch let error as RollcallError {
            #expect(error.description.contains("the cable was pulled"), "\(error)")
            return false
        }
    }
}

/// A source of numbers, a destination that remembers them, and a fuse that everything that happens burns down.
private final class World: Sendable {
    private struct State {
        var delivered: Set<Int> = []
        var stepsLeft = Int.max
        var interrupt: @Sendable () throws -> Void = {}
        var broken = (number: Int.max, inTransform: false)
    }

    let rowCount: Int
    private let state = Mutex(State())

    init(rowCount: Int) {
        self.rowCount = rowCount
    }

    var delivered: Set<Int> { state.withLock(\.delivered) }

    func arm(after steps: Int, _ interrupt: @escaping @Sendable () throws -> Void) {
        state.withLock { state in
            state.stepsLeft = steps
            state.interrupt = interrupt
        }
    }

    /// From now on this number cannot be read, or transformed.
    func breakDown(at number: Int, inTransform: Bool) {
        state.withLock { $0.broken = (number, inTransform) }
    }

    var broken: (number: Int, inTransform: Bool) { state.withLock(\.broken) }

    /// One thing happened.
    func burn() throws {
        let interrupt = state.withLock { state in
            state.stepsLeft -= 1
            return state.stepsLeft == 0 ? state.interrupt : nil
        }
        try interrupt?()
    }

    func keep(_ numbers: [Int]) { state.withLock { $0.delivered.formUnion(numbers) } }

    func pipeline(_ name: String) -> Pipeline {
        let place = SourceLocation(file: "memory.yaml", line: 1)
        return Pipeline(
            file: place.file,
            name: name,
            description: nil,
            schedule: nil,
            sources: SourceList(Component(plugin: Numbers(world: self), title: "source numbers", location: place)),
            transforms: [Component(plugin: Pass(world: self), title: "transform pass", location: place)],
            sink: Component(plugin: Memory(world: self), title: "sink memory", location: place)
        )
    }
}

/// The plug-ins are made by the test, never from settings.
private struct NoSettings: Error {}

private struct Numbers: Source {
    static let spec = ComponentSpec(.source, "numbers", summary: "", fields: [], example: "")
    let world: World
    let keyColumns = ["n"]
    let declaredSchema: Schema? = nil

    init(world: World) { self.world = world }
    init(_ settings: Settings) throws { throw NoSettings() }

    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        try world.burn()
        return NumbersReader(world, next: position.flatMap { Int($0.json) } ?? 0, schema: try Schema([.init("n")]))
    }
}

private actor NumbersReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int? = nil
    private let world: World
    private var next: Int

    init(_ world: World, next: Int, schema: Schema) {
        self.world = world
        self.next = next
        self.schema = schema
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        try world.burn()
        // Batches of one to four rows, so that deliveries and batches have different borders.
        // A reader hands over the rows before one that it cannot read; a step refuses a batch as a whole.
        let broken = world.broken
        if next == broken.number, !broken.inTransform { throw RollcallError(.fatal, "broken") }
        let border = next < broken.number ? broken.number : world.rowCount
        let numbers = next..<min(next + min(next % 4 + 1, rowCount), world.rowCount, border)
        guard !numbers.isEmpty else { return nil }
        next = numbers.upperBound
        return try Batch.of([.init("n")], numbers.map { ["\($0)"] }, position: Position(json: "\(next)"))
    }

    func finalPosition() async throws -> Position? { Position(json: "\(world.rowCount)") }
    func close() async {}
}

private struct Pass: Transform {
    final class Step: TransformStep {
        let world: World
        init(_ world: World) { self.world = world }

        func apply(_ batch: Batch) throws -> Transformed {
            try world.burn()
            // Long enough for the reader to come to its end meanwhile.
            for _ in 0..<300 { sched_yield() }
            try world.burn()
            let broken = world.broken
            if broken.inTransform, batch.rows.contains([String(broken.number)]) {
                throw RollcallError(.fatal, "broken")
            }
            return Transformed(batch)
        }
    }

    static let spec = ComponentSpec(.transform, "pass", summary: "", fields: [], example: "")
    let world: World

    init(world: World) { self.world = world }
    init(_ settings: Settings) throws { throw NoSettings() }

    func outputSchema(for input: Schema?) throws -> Schema? { input }
    func open(_ input: Schema) throws -> any TransformStep { Step(world) }
}

private struct Memory: Sink {
    static let spec = ComponentSpec(.sink, "memory", summary: "", fields: [], example: "")
    let world: World

    init(world: World) { self.world = world }
    init(_ settings: Settings) throws { throw NoSettings() }

    func check(_ schema: Schema?) throws {}
    func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter { MemoryWriter(world: world) }
}

private struct MemoryWriter: SinkWriter {
    let world: World
    let rowsPerDelivery = 5
    let deliveriesInFlight = 3
    let identity: RowIdentity? = RowIdentity(destination: "memory", keyColumn: 0, nullIsEmpty: true) { key, id in
        id.appendBytes(key)
    }

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport {
        try world.burn()
        let numbers = (0..<batch.rowCount).compactMap { batch.columns[0][$0].flatMap { Int($0) } }
        // Deliveries end in another order than they began.
        for _ in 0..<(numbers.first ?? 0) % 7 { await Task.yield() }
        world.keep(numbers)
        try world.burn()
        return DeliveryReport()
    }

    func close() async {}
}
