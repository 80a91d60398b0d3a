internal import RollcallCore
internal import Synchronization

/// The open sources of a pipeline, read one after the other as if they were one.
///
/// A batch's position has those of all sources: of the ones that were read before, the last of their batches; so a run that was
/// interrupted goes on within the source where it stopped, and looks whether anything was added to the others.
final class SourceListReader: SourceReader {
    /// One source.
    struct Part: Sendable {
        let member: SourceList.Member
        let reader: any SourceReader
    }

    private struct State {
        /// The source that is being read.
        var current = 0
        var positions: [String: Position]
        /// The sources that have given a row, be it one that cannot be read.
        var filled: Set<Int> = []
        /// Those that gave one in this reading or in one before it.
        var everFilled: Set<Int> = []
    }

    let schema: Schema
    private let list: SourceList
    private let parts: [Part]
    /// For each source the places of the columns in its own batches.
    private let columns: [[Int]]
    /// The sources that this reading began in the middle.
    private let resumed: [Bool]
    private let beginning: [String: Position]
    /// The sources that had rows in the last run.
    private let known: FilledSources
    private let state: Mutex<State>

    /// A reader of sources before their first rows, of which each is looked at for the columns that were `chosen`.
    ///
    /// - Throws: a preflight error where these are not the same, or of types that do not go together.
    init(
        _ list: SourceList,
        _ parts: [Part],
        reading chosen: [Set<String>],
        after positions: [String: Position],
        knowing known: FilledSources
    ) throws {
        self.list = list
        self.parts = parts
        self.known = known
        beginning = positions
        guard list.isList else {
            schema = parts[0].reader.schema
            columns = [Array(schema.columns.indices)]
            resumed = [positions[parts[0].member.name] != nil]
            state = Mutex(State(positions: positions))
            return
        }
        let common = try CommonColumns(parts.enumerated().map { ($1.member, $1.reader.schema, chosen[$0]) })
        schema = try list.visible(common.schema)
        columns = common.places
        resumed = parts.map { positions[$0.member.name] != nil }
        state = Mutex(State(positions: positions))
    }

    // MARK: - Reading

    /// Of the source that is being read.
    var actor: (any Actor)? {
        let current = state.withLock(\.current)
        return current < parts.count ? parts[current].reader.actor : nil
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        while true {
            let current = state.withLock(\.current)
            guard current < parts.count else { return nil }
            let part = parts[current]
            if let batch = try await read(part, { try await $0.next(atMost: rowCount)?.numberedAnew() }) {
                state.withLock { state in
                    state.filled.insert(current)
                    state.everFilled.insert(current)
                }
                return try list.isList ? placed(batch, current) : batch
            }
            let isEmpty = state.withLock { state in
                state.current += 1
                return !state.filled.contains(current)
            }
            if isEmpty, !resumed[current], let error = emptied(part.member) { throw error }
        }
    }

    /// Whom the source had a row of would be believed to be of the others alone; nil where it had none in the last run, by this name or
    /// by one that is gone.
    private func emptied(_ member: SourceList.Member) -> RollcallError? {
        guard known.isExpected else { return nil }
        let gone = known.names.subtracting(list.members.map(\.name)).sorted().map { "`\($0)`" }.joined(separator: ", ")
        let hadRows: String
        switch (known.names.contains(member.name), gone.isEmpty) {
        case (true, _): hadRows = "had rows in the last run"
        case (false, false): hadRows = "\(gone), which had rows in the last run, is gone"
        case (false, true): return nil
        }
        return RollcallError(
            .guarded,
            "the source `\(member.name)` is empty, and \(hadRows); who said no there would count as if nobody had",
            hint: "if that is as it should be, run once with `--allow-empty`; else look at what fills it",
            at: member.component.location
        )
    }

    func rewind() async throws -> Bool {
        for part in parts {
            guard try await read(part, { try await $0.rewind() }) else { return false }
        }
        state.withLock { $0 = State(positions: beginning, everFilled: $0.everFilled) }
        return true
    }

    /// A batch of one source as one of all.
    private func placed(_ batch: Batch, _ index: Int) throws -> Batch {
        var placed = named(batch, index)
        placed.position = try state.withLock { state in
            state.positions[parts[index].member.name] = batch.position
            var positions = SourcePositions(state.positions)
            positions.filled = known.names.union(state.everFilled.map { parts[$0].member.name })
            return try positions.position
        }
        return placed
    }

    /// The columns that all sources have, and the name of the source.
    private func named(_ batch: Batch, _ index: Int) -> Batch {
        let name = parts[index].member.name
        var cells = columns[index].map { batch.columns[$0] }
        if list.nameColumn != nil {
            let cell = Cell(0..<name.utf8.count)
            let column = Column(arena: Array(name.utf8), cells: Array(repeating: cell, count: batch.rowCount))
            cells.insert(column, at: 0)
        }
        var named = batch.replacing(cells, schema: schema)
        named.unreadable = batch.unreadable.map { row in
            guard list.nameColumn != nil, let values = row.keyValues else { return row }
            return UnreadableRow(at: row.place, key: [name] + values, code: row.code, reason: row.reason)
        }
        return named
    }

    private func read<Result>(
        _ part: Part,
        _ body: (any SourceReader) async throws -> Result
    ) async throws -> Result {
        try await part.member.component.running { _ in try await body(part.reader) }
    }

    // MARK: - Looking up

    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        guard list.isList else { return try await read(parts[0]) { try await $0.rows(withKeys: keys)?.numberedAnew() } }
        var builder = BatchBuilder(schema: schema)
        var unreadable: [UnreadableRow] = []
        for (index, part) in parts.enumerated() {
            let asked = self.keys(keys, of: part)
            guard !asked.isEmpty else { continue }
            guard let rows = try await read(part, { try await $0.rows(withKeys: asked) }) else {
                // All that such a source has was read, or nobody knows.
                guard hasEnded, !resumed[index] else { return nil }
                continue
            }
            let found = named(rows, index)
            found.withPinnedColumns { columns in
                for row in 0..<found.rowCount { builder.append(row: row, of: columns) }
            }
            unreadable += found.unreadable
        }
        var batch = builder.finish()
        batch.unreadable = unreadable
        return batch
    }

    /// Those that may be keys of this source, as it knows them.
    private func keys(_ keys: [[String]], of part: Part) -> [[String]] {
        guard list.nameColumn != nil else { return keys }
        return keys.filter { $0.first == part.member.name }.map { Array($0.dropFirst()) }
    }

    /// The names of sources of a list that were read from beginning to end and have no row.
    var emptySources: [String] {
        guard list.isList else { return [] }
        return state.withLock { state in
            parts.indices.filter { $0 < state.current && !state.filled.contains($0) && !resumed[$0] }
                .map { parts[$0].member.name }
        }
    }

    private var hasEnded: Bool { state.withLock { $0.current == parts.count } }

    // MARK: - About the sources

    var estimatedRowCount: Int? {
        parts.reduce(0) { sum, part in
            guard let sum, let count = part.reader.estimatedRowCount else { return nil }
            return sum + count
        }
    }

    /// Keys of different sources are different where the source's name is a part of them.
    var keysAreUnique: Bool {
        (parts.count == 1 || list.nameColumn != nil) && parts.allSatisfy(\.reader.keysAreUnique)
    }

    var reservations: [String] { parts.flatMap { said($0.reader.reservations, of: $0) } }

    func remarks() async -> [String] {
        var remarks: [String] = []
        for part in parts { remarks += said(await part.reader.remarks(), of: part) }
        return remarks
    }

    private func said(_ words: [String], of part: Part) -> [String] {
        list.isList ? words.map { "\(part.member.name): \($0)" } : words
    }

    // MARK: - The end

    func finalPosition() async throws -> Position? {
        guard list.isList else { return try await read(parts[0]) { try await $0.finalPosition() } }
        var positions: [String: Position] = [:]
        for part in parts { positions[part.member.name] = try await read(part) { try await $0.finalPosition() } }
        var all = SourcePositions(positions)
        // Where a source goes on from a position, it may have nothing new.
        all.filled = state.withLock { state in
            Set(
                parts.indices.filter {
                    state.filled.contains($0) || resumed[$0] && known.names.contains(parts[$0].member.name)
                }
                .map { parts[$0].member.name }
            )
        }
        return try all.position
    }

    func close() async {
        for part in parts { await part.reader.close() }
    }
}

/// Sources whose rows speak for those of others and that had rows: one of them that is empty would have overruled others.
struct FilledSources {
    let names: Set<String>
    /// Whether it ends a run that one of them is empty now.
    let isExpected: Bool

    static let none = FilledSources(names: [], isExpected: false)
}
