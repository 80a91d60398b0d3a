import BuiltIns
import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallEngine
import RollcallTestSupport
import Synchronization
import Testing

/// A CRM in Postgres, a state database, and a contact list in memory, with a fuse: at any step of a run the process can die.
///
/// To die is to lose every connection to the state database at once and to do nothing more, while what was asked of the
/// destination may still take effect, as it does when a process is killed.
final class ListWorld: Sendable {
    /// A contact on the list, with what only the dialler and this test know of it.
    struct Contact: Equatable, Sendable {
        var values: [String?]
        var isCallable = true
        /// Calls that were made to it; a client cannot see or change it.
        var attempts = 0
        /// How often it was posted.
        var posts = 0
    }

    /// A step of a run at which it can die.
    enum Step: String, CaseIterable, Sendable {
        case openingList, delivering, delivered, inspecting, removing, removed
    }

    private struct State {
        var contacts: [String: Contact] = [:]
        var posts = 0
        /// Steps until death, of the kind that counts; nil counts all.
        var step: Step?
        var stepsLeft = Int.max
        var isDead = false
        var mayLoseState = false
    }

    static let worlds = Mutex<[String: ListWorld]>([:])

    let name: String
    let crm: PostgresConnection
    let crmConfiguration: PostgresConfiguration
    let stateConfiguration: PostgresConfiguration
    /// Kills the connections to the state database.
    private let inspector: PostgresConnection
    private let state = Mutex(State())

    init(_ name: String) async throws {
        self.name = name
        crmConfiguration = try await TestPostgres.database()
        stateConfiguration = try await TestPostgres.database()
        crm = try await PostgresConnection.connect(crmConfiguration)
        inspector = try await PostgresConnection.connect(stateConfiguration)
        Self.worlds.withLock { $0[name] = self }
    }

    func close() async {
        Self.worlds.withLock { $0[name] = nil }
        await crm.close()
        await inspector.close()
    }

    /// The second connection to the state database, for a test that looks into it.
    var stateDatabase: PostgresConnection { inspector }

    static func called(_ name: String) throws -> ListWorld {
        let world = worlds.withLock { $0[name] }
        return try #require(world)
    }

    // MARK: - The fuse

    func arm(_ step: Step? = nil, after count: Int) {
        state.withLock { state in
            state.step = step
            state.stepsLeft = count
            state.isDead = false
        }
    }

    func disarm() {
        arm(after: .max)
        state.withLock { $0.mayLoseState = false }
    }

    /// From now on a run may lose its state database by the doing of a test.
    func allowLossOfState() { state.withLock { $0.mayLoseState = true } }

    var isDead: Bool { state.withLock(\.isDead) }

    /// One step was made; dies if it was the last one.
    func make(_ step: Step) async throws {
        let dies = state.withLock { state in
            if state.isDead { return true }
            guard state.step == nil || state.step == step else { return false }
            state.stepsLeft -= 1
            state.isDead = state.stepsLeft == 0
            return state.isDead
        }
        if dies { try await die() }
    }

    private func die() async throws {
        try await inspector.query(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )
        throw RollcallError(.fatal, "the process died")
    }

    // MARK: - The list

    var contacts: [String: Contact] { state.withLock(\.contacts) }
    var posts: Int { state.withLock(\.posts) }

    func withContacts<Result: Sendable>(_ body: (inout [String: Contact]) -> sending Result) -> Result {
        state.withLock { body(&$0.contacts) }
    }

    func post(_ rows: [(id: String, values: [String?], isReturning: Bool)]) {
        state.withLock { state in
            for row in rows {
                state.posts += 1
                var contact = state.contacts[row.id] ?? Contact(values: [])
                contact.values = row.values.map { $0 ?? "" }
                contact.posts += 1
                if row.isReturning { contact.isCallable = true }
                state.contacts[row.id] = contact
            }
        }
    }

    // MARK: - Runs

    func pipeline(_ text: String) throws -> Pipeline {
        let plugins = Plugins(
            sources: Plugins.builtIn.sources,
            transforms: Plugins.builtIn.transforms + [FragileStep.self],
            sinks: [ListSink.self]
        )
        return try PipelineLoader(plugins: plugins, environment: ["CRM": crmConfiguration.connectionString])
            .load(text, file: "\(name).yaml")
    }

    /// Runs the pipeline in a process of its own, as it were.
    ///
    /// - Returns: Nil where it died.
    @discardableResult
    func run(
        _ pipeline: Pipeline,
        sweeps: Bool = false,
        maximumRemoved: Allowance? = .share(100),
        allowsEmptySources: Bool = false
    ) async throws -> RunReport? {
        let store = try await StateStore.open(stateConfiguration)
        var options = RunOptions()
        options.sweeps = sweeps
        options.maximumRemoved = maximumRemoved
        options.allowsEmptySources = allowsEmptySources
        do {
            let report = try await PipelineRun(pipeline, store: store, options: options).execute()
            await store.close()
            return report
        } catch {
            await store.close()
            let isLost = "\(error)".contains("was lost") && state.withLock(\.mayLoseState)
            guard isDead || isLost else { throw error }
            return nil
        }
    }
}

/// A step that can die in the middle.
struct FragileStep: Transform {
    enum Setting {
        static let world = Field<String>("world", doc: "")
    }

    final class Step: TransformStep {
        let world: ListWorld
        init(_ world: ListWorld) { self.world = world }

        func apply(_ batch: Batch) throws -> Transformed {
            guard !world.isDead else { throw RollcallError(.fatal, "the process died") }
            return Transformed(batch)
        }
    }

    static let spec = ComponentSpec(.transform, "fragile", summary: "", fields: [Setting.world.spec], example: "")
    private let world: String

    init(_ settings: Settings) throws { world = try settings[Setting.world] }
    func outputSchema(for input: Schema?) throws -> Schema? { input }

    func open(_ input: Schema) throws -> any TransformStep {
        Step(try ListWorld.called(world))
    }
}

/// The contact list of a world.
struct ListSink: Sink {
    enum Setting {
        static let world = Field<String>("world", doc: "")
    }

    static let spec = ComponentSpec(.sink, "list", summary: "", fields: [Setting.world.spec], example: "")
    static let removals: Set<Removal> = [.uncallable, .delete]
    private let world: String

    init(_ settings: Settings) throws { world = try settings[Setting.world] }
    func check(_ schema: Schema?) throws {}

    func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        let world = try ListWorld.called(world)
        try await world.make(.openingList)
        return ListWriter(world: world)
    }
}

private struct ListWriter: SinkWriter {
    let world: ListWorld
    let rowsPerDelivery = 7
    let deliveriesInFlight = 3

    var identity: RowIdentity? {
        RowIdentity(destination: world.name, keyColumn: 0, nullIsEmpty: true) { key, id in id.appendBytes(key) }
    }

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport {
        try await world.make(.delivering)
        // The list takes no such value, and no row without an id.
        let refused = batch.rows.indices.filter {
            batch.rows[$0].contains("refused") || (batch.rows[$0][0] ?? "").isEmpty
        }
        world.post(
            batch.rows.enumerated().filter { !refused.contains($0.offset) }.map { row, values in
                (id: values[0] ?? "", values: values, isReturning: returning.contains(row))
            }
        )
        // Deliveries end in another order than they began.
        for _ in 0..<(batch.rows.first?.count ?? 0) % 5 { await Task.yield() }
        try await world.make(.delivered)
        return DeliveryReport(rejected: refused.map { RowFault(row: $0, code: "refused", reason: "is refused") })
    }

    func standings(of ids: [String]) async throws -> [String: Standing] {
        try await world.make(.inspecting)
        let contacts = world.contacts
        return ids.reduce(into: [:]) { standings, id in
            standings[id] = contacts[id].map { $0.isCallable ? .callable : .uncallable }
        }
    }

    func remove(_ ids: [String], by removal: Removal) async throws {
        try await world.make(.removing)
        world.withContacts { contacts in
            for id in ids {
                switch removal {
                case .delete: contacts[id] = nil
                case .uncallable: contacts[id]?.isCallable = false
                }
            }
        }
        try await world.make(.removed)
    }

    func close() async {}
}
