public import RollcallCore

/// Rows as the source has them and as the sink would get them, for looking at.
public struct Preview: Sendable {
    /// Which rows are wanted.
    public enum Choice: Sendable {
        /// Those that come through.
        case passing
        /// Those that are refused.
        case invalid
    }

    /// A row that came through.
    public struct Row: Sendable {
        public let source: [String?]
        public let values: [String?]
    }

    /// A row that was refused.
    public struct Refused: Sendable {
        /// Nil where the source could not read it.
        public let source: [String?]?
        /// Its key, or its place in the source.
        public let key: String
        public let code: String
        public let reason: String
    }

    /// The columns that the pipeline reads.
    public let sourceSchema: Schema
    /// The columns after the transforms.
    public let schema: Schema
    public private(set) var rows: [Row] = []
    public private(set) var refused: [Refused] = []
    /// Of the rows that were read for it; none was delivered.
    public private(set) var balance = Balance()
    /// What the source cannot promise, each with the way out, and what was odd about the tables of steps.
    public let reservations: [String]
    /// What the steps find odd about the rows that were read.
    public private(set) var remarks: [String] = []
    /// Whether the source has no more rows than those that were read.
    public private(set) var sawAllRows = false
    private var counts: [String: Int] = [:]
    /// Of reasons why rows could not be read.
    private var firstPlaces: [String: String] = [:]

    /// Why rows were refused, each with how many, the most frequent first.
    public var reasons: [(reason: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { reason, count in
            (firstPlaces[reason].map { "\(reason) (first: \($0))" } ?? reason, count)
        }
    }

    /// Reads the source from its beginning until there are as many rows of this choice, or so many were read, or to its end.
    ///
    /// - Throws: what opening and reading the source throws, and configuration errors of transforms and sink.
    public static func read(
        _ pipeline: Pipeline,
        rows limit: Int,
        _ choice: Choice = .passing,
        atMost most: Int = .max
    ) async throws -> Preview {
        try await read(prepared: try await pipeline.prepared(), rows: limit, choice, atMost: most)
    }

    /// The same with steps that have read what they need besides the rows.
    static func read(
        prepared pipeline: Pipeline,
        rows limit: Int,
        _ choice: Choice = .passing,
        atMost most: Int = .max
    ) async throws -> Preview {
        let reader = try await pipeline.openSource()
        return try await closing(
            with: { await reader.close() },
            after: {
                let chain = try TransformChain(pipeline.transforms, input: reader.schema)
                try pipeline.sink.checking { try $0.check(chain.output) }
                if limit > 0 { try await chain.survey(reader) }
                var preview = Preview(
                    sourceSchema: reader.schema,
                    schema: chain.output,
                    reservations: pipeline.remarks + reader.reservations
                )
                while preview.count(choice) < limit, preview.balance.read < most {
                    guard let batch = try await reader.next(atMost: 1000) else {
                        preview.sawAllRows = true
                        break
                    }
                    let keys = KeyColumns(pipeline.sources.keyColumns, of: batch)
                    let result = try await chain.apply(batch)
                    let refusals = try pipeline.sink.checking { try $0.refusals(of: result.batch) }
                    preview.take(result.refusing(refusals), from: batch, keys, limit)
                }
                preview.remarks = await chain.remarks
                return preview
            }
        )
    }

    private init(sourceSchema: Schema, schema: Schema, reservations: [String]) {
        self.sourceSchema = sourceSchema
        self.schema = schema
        self.reservations = reservations
    }

    private func count(_ choice: Choice) -> Int {
        switch choice {
        case .passing: rows.count
        case .invalid: refused.count
        }
    }

    private mutating func take(_ result: Transformed, from batch: Batch, _ keys: KeyColumns, _ limit: Int) {
        balance += MatchedBatch(result, from: batch).balance
        for row in 0..<min(result.batch.rowCount, limit - rows.count) {
            rows.append(
                Row(source: batch.values(of: result.batch.origin(of: row)), values: result.batch.values(of: row))
            )
        }
        var refused = batch.unreadable.map { row in
            let reject = Reject(row)
            return Refused(source: nil, key: reject.key, code: reject.code, reason: reject.reason)
        }
        refused += result.invalid.sorted { $0.row < $1.row }.map { fault in
            Refused(
                source: batch.values(of: fault.row),
                key: keys.name(of: fault.row),
                code: fault.code,
                reason: fault.reason
            )
        }
        for reason in batch.unreadable.map(\.reason) + result.invalid.map(\.reason) { counts[reason, default: 0] += 1 }
        for row in batch.unreadable where firstPlaces[row.reason] == nil { firstPlaces[row.reason] = row.place }
        self.refused += refused.prefix(limit - self.refused.count)
    }
}

extension Transformed {
    /// The same, where the destination refuses some of the rows that came through.
    fileprivate func refusing(_ refusals: [RowFault]) -> Transformed {
        guard !refusals.isEmpty else { return self }
        var result = self
        let refused = Set(refusals.map(\.row))
        result.invalid += refusals.map { fault in
            RowFault(row: batch.origin(of: fault.row), code: fault.code, reason: fault.reason)
        }
        result.batch = batch.keeping((0..<batch.rowCount).filter { !refused.contains($0) })
        return result
    }
}

extension Batch {
    fileprivate func values(of row: Int) -> [String?] { columns.map { $0[row] } }
}
