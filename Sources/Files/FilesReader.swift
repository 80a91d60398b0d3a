package import RollcallCore
internal import RollcallThreads

/// The rows of the files of a source, batch by batch, whatever the format.
///
/// Its calls block: it belongs to an actor with a thread of its own.
package protocol FileRows: AnyObject {
    associatedtype Options: FileOptions
    associatedtype Place: Sendable

    /// Opens the files.
    ///
    /// - Parameters:
    ///   - options: The settings of the source.
    ///   - choose: As `Source.open` says.
    /// - Throws: a preflight error where there is none, or they are not as they should be.
    init(_ options: Options, choosing choose: (Schema) throws -> Set<String>) throws

    /// The columns that were chosen.
    var schema: Schema { get }

    /// About how many rows are to come; nil where nobody can tell without reading them.
    var estimatedRowCount: Int? { get }

    /// As `SourceReader.remarks` says.
    var remarks: [String] { get }

    /// How far the texts of the files were read; nil for standard input.
    var textsRead: FilesPosition? { get }

    /// Goes to a place; asked before the first `next`.
    ///
    /// - Returns: Nil, or what has changed since, as a sentence; these rows are of no use then.
    func resume(at place: Place) throws -> String?

    /// The next rows in the order of the files, as many at most, or nil after the last.
    ///
    /// - Throws: a fatal error; every row before was handed over then.
    func next(atMost rowCount: Int) throws -> Batch?
}

extension FileRows {
    package var remarks: [String] { [] }
}

/// What every source of files is told.
package protocol FileOptions: Sendable {
    var pattern: FilePattern { get }
    var key: [String] { get }
}

/// The files of a source in the middle of being read.
package struct FilesReader<Rows: FileRows>: SourceReader {
    package let schema: Schema
    package let estimatedRowCount: Int?
    package let reservations: [String]

    private let options: Rows.Options
    private let worker: FilesWorker<Rows>

    /// Opens the files, and goes on after the place if what was read before it is unchanged; else from the beginning.
    package static func open(
        _ options: Rows.Options,
        after place: Rows.Place?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> FilesReader {
        let worker = FilesWorker<Rows>()
        let opened = try await worker.open(options, after: place, choosing: choose)
        return FilesReader(
            schema: opened.schema,
            estimatedRowCount: opened.estimatedRowCount,
            reservations: opened.reservations,
            options: options,
            worker: worker
        )
    }

    package var actor: (any Actor)? { worker }

    package func next(atMost rowCount: Int) async throws -> Batch? {
        try await worker.next(atMost: rowCount)
    }

    /// Looks the rows up by reading all files once more, as they are now.
    package func rows(withKeys keys: [[String]]) async throws -> Batch? {
        // Standard input can be read only once.
        guard !options.pattern.isStandardInput else { return nil }
        return try await FilesWorker<Rows>().rows(withKeys: keys, options, columns: Set(schema.names))
    }

    /// Opens all files once more; whether they are the same shows at their end.
    package func rewind() async throws -> Bool {
        try await worker.rewind(options)
    }

    /// Every pass reads all files; a position is only for going on within one.
    package func finalPosition() async throws -> Position? { nil }

    package func remarks() async -> [String] {
        await worker.remarks()
    }

    package func close() async {
        await worker.close()
    }
}

/// Reads on a thread of its own, as files block.
private actor FilesWorker<Rows: FileRows> {
    struct Opened: Sendable {
        let schema: Schema
        let estimatedRowCount: Int?
        let reservations: [String]
    }

    private let executor = QueueExecutor(label: "rollcall.files")
    /// Nil before it is opened, and once closed.
    private var rows: Rows?
    /// What an earlier reading has read; nil in the first one.
    private var earlier: FilesPosition?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func open(
        _ options: Rows.Options,
        after place: Rows.Place?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) throws -> Opened {
        var rows = try Rows(options, choosing: choose)
        var reservations: [String] = []
        if let place, let change = try rows.resume(at: place) {
            reservations = ["\(change): all files are read from the beginning"]
            let chosen = Set(rows.schema.names)
            rows = try Rows(options) { _ in chosen }
        }
        self.rows = rows
        return Opened(schema: rows.schema, estimatedRowCount: rows.estimatedRowCount, reservations: reservations)
    }

    func next(atMost rowCount: Int) throws -> Batch? {
        if let batch = try rows?.next(atMost: rowCount) { return batch }
        guard let earlier, earlier != rows?.textsRead else { return nil }
        throw RollcallError(
            .fatal,
            "the files have changed while they were read twice",
            hint: "run once more, when nobody writes them"
        )
    }

    func rewind(_ options: Rows.Options) throws -> Bool {
        guard let rows, let read = rows.textsRead else { return false }
        // Before the first row there is nothing to go back to.
        guard read != FilesPosition() else { return true }
        earlier = read
        let chosen = Set(rows.schema.names)
        self.rows = try Rows(options) { _ in chosen }
        return true
    }

    func rows(withKeys keys: [[String]], _ options: Rows.Options, columns: Set<String>) throws -> Batch {
        let rows = try Rows(options) { _ in columns }
        let wanted = Set(keys)
        var found = BatchBuilder(schema: rows.schema)
        let places = options.key.compactMap(rows.schema.index(of:))
        var unreadable: [UnreadableRow] = []
        while let batch = try rows.next(atMost: 1_000) {
            unreadable += batch.unreadable.filter { row in row.keyValues.map(wanted.contains) ?? true }
            batch.withPinnedColumns { columns in
                for row in 0..<batch.rowCount {
                    // NULL is no value, and so nobody's key.
                    let values = places.compactMap { columns[$0].text(row) }
                    if values.count == places.count, wanted.contains(values) { found.append(row: row, of: columns) }
                }
            }
        }
        var batch = found.finish()
        batch.unreadable = unreadable
        return batch
    }

    func remarks() -> [String] { rows?.remarks ?? [] }

    func close() {
        rows = nil
    }
}
