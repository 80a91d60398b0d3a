internal import RollcallCore
internal import RollcallFiles
internal import RollcallThreads

/// The files of a CSV source in the middle of being read.
struct CSVSourceReader: SourceReader {
    let schema: Schema
    let estimatedRowCount: Int?
    let reservations: [String]

    private let options: CSVOptions
    private let worker: CSVWorker

    /// Opens the files, and goes on after the position if what was read before it is unchanged; else from the beginning.
    static func open(_ options: CSVOptions, after position: CSVPosition?) async throws -> CSVSourceReader {
        let worker = CSVWorker()
        let opened = try await worker.open(options, after: position)
        return CSVSourceReader(
            schema: opened.schema,
            estimatedRowCount: opened.estimatedRowCount,
            reservations: opened.reservations,
            options: options,
            worker: worker
        )
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        try await worker.next(atMost: rowCount)
    }

    /// Looks the rows up by reading all files once more, as they are now.
    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        // Standard input can be read only once.
        guard !options.pattern.isStandardInput else { return nil }
        return try await CSVWorker().rows(withKeys: keys, options)
    }

    /// Every pass reads all files; a position is only for going on within one.
    func finalPosition() async throws -> Position? { nil }

    func close() async {
        await worker.close()
    }
}

/// Reads on a thread of its own, as files block.
private actor CSVWorker {
    struct Opened: Sendable {
        let schema: Schema
        let estimatedRowCount: Int?
        let reservations: [String]
    }

    private let executor = QueueExecutor(label: "rollcall.csv")
    /// Nil before it is opened, and once closed.
    private var rows: CSVRows?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func open(_ options: CSVOptions, after position: CSVPosition?) throws -> Opened {
        var rows = try CSVRows(options)
        var reservations: [String] = []
        if let position, let change = try rows.resume(at: position) {
            reservations = ["\(change): all files are read from the beginning"]
            rows = try CSVRows(options)
        }
        self.rows = rows
        return Opened(schema: rows.schema, estimatedRowCount: rows.estimatedRowCount, reservations: reservations)
    }

    func next(atMost rowCount: Int) throws -> Batch? {
        try rows?.next(atMost: rowCount)
    }

    func rows(withKeys keys: [[String]], _ options: CSVOptions) throws -> Batch {
        let rows = try CSVRows(options)
        let wanted = Set(keys)
        var found = BatchBuilder(schema: rows.schema)
        let places = options.key.compactMap(rows.schema.index(of:))
        while let batch = try rows.next(atMost: 1_000) {
            batch.withPinnedColumns { columns in
                for row in 0..<batch.rowCount where wanted.contains(places.map { columns[$0].text(row) ?? "NULL" }) {
                    found.append(row: row, of: columns)
                }
            }
        }
        return found.finish()
    }

    func close() {
        rows = nil
    }
}
