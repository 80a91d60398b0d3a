import RollcallCore
import RollcallTestSupport
import Synchronization

/// A source of some rows in memory that keeps every promise but the one that its setting names.
struct FlawedSource: Source {
    private enum Setting {
        static let flaw = Field<String>("flaw", default: "none", doc: "The promise to break.")
    }

    static let spec = ComponentSpec(
        .source,
        "flawed",
        summary: "Rows in memory.",
        fields: [Setting.flaw.spec],
        example: "source: { type: flawed }"
    )

    enum Item: Sendable {
        case row([String?])
        case unreadable(UnreadableRow)
    }

    static let columns: [Schema.Column] = [.init("id", .integer), .init("name"), .init("score", .decimal)]
    static let rows: [[String?]] = [
        ["1", "Ada Lovelace", "7.5"], ["2", nil, nil], ["3", "\"O'Neill\"\n", "0"], ["4", "", "-1"],
        ["5", "Γιώργος", "1e3"],
    ]
    static let secret = "Grace Hopper"

    let flaw: String
    /// What readers share that should share nothing.
    let shared = Shared()

    final class Shared: Sendable {
        let place = Mutex(0)
        let isLocked = Mutex(false)
    }

    init(_ settings: Settings) throws { flaw = try settings[Setting.flaw] }

    static func sample(without promise: SourcePromise? = nil) -> SourceSample {
        let flaw = promise.map { "\($0)" } ?? "none"
        let type: any Source.Type = promise == .isDescribed ? UndescribedSource.self : FlawedSource.self
        var sample = SourceSample(type, ["flaw": .init(stringLiteral: flaw)], columns: columns, rows: rows)
        sample.unreadable = ["torn", "torn"]
        sample.secrets = [secret]
        sample.canGoOn = promise != .hasPositionsOnlyWhereItGoesOn
        return sample
    }

    func breaks(_ promise: SourcePromise) -> Bool { flaw == "\(promise)" }

    var items: [Item] {
        let reason = breaks(.tellsNoValues) ? "\(Self.secret) is torn" : "the row is torn"
        let code = breaks(.explainsRowsItCannotRead) ? "It is torn" : "torn"
        var items = Self.rows.map { Item.row($0) }
        if breaks(.fillsCellsAsTheirTypesSay) { items[0] = .row(["one", "Ada Lovelace", "7.5"]) }
        if breaks(.reads) { items.removeLast() }
        items.insert(.unreadable(UnreadableRow(at: "memory:3", code: code, reason: reason)), at: 2)
        let key = breaks(.knowsWhetherKeysAreUnique) ? "5" : "7"
        items.append(.unreadable(UnreadableRow(at: "memory:7", key: [key], code: code, reason: reason)))
        return items
    }

    var keyColumns: [String] { [breaks(.namesItsKey) ? "nobody" : "id"] }

    var declaredSchema: Schema? {
        try? Schema(breaks(.declaresWhatItHas) ? Array(Self.columns.dropLast()) : Self.columns)
    }

    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        if shared.isLocked.withLock(\.self) { throw RollcallError(.preflight, "somebody else has it open") }
        let told = try Schema(breaks(.showsAllColumns) ? Array(Self.columns.dropLast()) : Self.columns)
        var chosen: Set<String> = []
        do {
            chosen = try choose(told)
        } catch {
            if !breaks(.passesOnWhatChooseThrows) { throw error }
        }
        if !breaks(.leavesOutColumnsOnly) { chosen.insert("id") }
        let places = Self.columns.indices.filter { chosen.contains(Self.columns[$0].name) }
        return try FlawedReader(self, places: places, at: try position.map(place) ?? 0)
    }

    private func place(_ position: Position) throws -> Int {
        if breaks(.refusesPositionsOfOthers) { return Int(position.json) ?? 0 }
        guard let place = Int(position.json) else {
            throw RollcallError(.configuration, "the checkpoint is no position of a flawed source")
        }
        return place
    }
}

/// The same with a spec that tells nobody anything.
struct UndescribedSource: Source {
    static let spec = ComponentSpec(.source, "Flawed", summary: "", fields: FlawedSource.spec.fields, example: "")
    private let source: FlawedSource

    init(_ settings: Settings) throws { source = try FlawedSource(settings) }

    var keyColumns: [String] { source.keyColumns }
    var declaredSchema: Schema? { source.declaredSchema }

    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        try await source.open(after: position, choosing: choose)
    }
}

actor FlawedReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int? = FlawedSource.rows.count
    nonisolated let keysAreUnique = true
    private let source: FlawedSource
    private let places: [Int]
    private var next: Int
    private var wasAtEnd = false

    init(_ source: FlawedSource, places: [Int], at place: Int) throws {
        self.source = source
        self.places = places
        next = place
        schema = try Schema(places.map { FlawedSource.columns[$0] })
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        if source.breaks(.doesNotEndWhenCancelled), Task.isCancelled { return nil }
        if source.breaks(.isSharedWithoutHarm) { next = source.shared.place.withLock(\.self) }
        if source.breaks(.endsForGood), wasAtEnd { next = 0 }
        let items = source.items
        guard next < items.count else {
            wasAtEnd = true
            source.shared.place.withLock { $0 = 0 }
            return nil
        }
        let count = source.breaks(.keepsToTheLimit) ? rowCount + 1 : rowCount
        let end = min(next + count, items.count)
        var batch = try batch(of: items[next..<end])
        if source.breaks(.readsTheSameInAnyBatches), rowCount > 2 { batch.unreadable = [] }
        next = end
        source.shared.place.withLock { $0 = end }
        batch.position = Position(json: "\(source.breaks(.goesOnBehindEveryBatch) ? end - 1 : end)")
        return batch
    }

    private func batch(of items: some Sequence<FlawedSource.Item>) throws -> Batch {
        let columns = schema.columns.map { source.breaks(.keepsToItsSchema) ? Schema.Column($0.name) : $0 }
        var builder = BatchBuilder(schema: try Schema(columns))
        var unreadable: [UnreadableRow] = []
        for item in items {
            switch item {
            case .row(let values): for place in places { builder.append(values[place]) }
            case .unreadable(let row): unreadable.append(row)
            }
        }
        var batch = builder.finish()
        batch.unreadable = unreadable
        return batch
    }

    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        if source.breaks(.isNotMovedByLookingUp) { next = 1 }
        let found = source.items.filter { item in
            switch item {
            case .row(let values): keys.contains([values[0] ?? ""])
            case .unreadable(let row): row.keyValues.map(keys.contains) ?? true
            }
        }
        return try batch(of: source.breaks(.findsRowsByTheirKeys) ? found + found.prefix(1) : found)
    }

    func finalPosition() async throws -> Position? {
        source.breaks(.keepsAFinalPosition) ? Position(json: "[\"the end\"]") : nil
    }

    func close() async {
        if source.breaks(.canBeOpenedAgain), next > 0, next < source.items.count {
            source.shared.isLocked.withLock { $0 = true }
        }
    }
}
