public import RollcallCore

/// Rows as the sink would get them, for looking at.
public struct Preview: Sendable {
    public let schema: Schema
    public let rows: [[String?]]
    /// Of the rows that were read for it; none was delivered.
    public let balance: Balance
    /// What the source cannot promise, each with the way out.
    public let reservations: [String]
    /// Why rows were refused, each with how many, the most frequent first.
    public let reasons: [(reason: String, count: Int)]

    /// Reads the source from its beginning until as many rows came through the transforms, or to its end.
    ///
    /// - Throws: what opening and reading the source throws, and configuration errors of transforms and sink.
    public static func read(_ pipeline: Pipeline, rows limit: Int) async throws -> Preview {
        let reader = try await pipeline.openSource()
        return try await closing(with: { await reader.close() }, after: { try await read(pipeline, reader, limit) })
    }

    private static func read(_ pipeline: Pipeline, _ reader: any SourceReader, _ limit: Int) async throws -> Preview {
        let chain = try TransformChain(pipeline.transforms, input: reader.schema)
        try pipeline.sink.checking { try $0.check(chain.output) }
        var rows: [[String?]] = []
        var balance = Balance()
        var reasons: [String: Int] = [:]
        while rows.count < limit,
            let batch = try await pipeline.source.running({ _ in try await reader.next(atMost: 1000) })
        {
            let result = try await chain.apply(batch)
            balance += MatchedBatch(result, from: batch).balance
            for reason in result.invalid.map(\.reason) + batch.unreadable.map(\.reason) {
                reasons[reason, default: 0] += 1
            }
            for row in 0..<min(result.batch.rowCount, limit - rows.count) {
                rows.append(result.batch.columns.map { $0[row] })
            }
        }
        return Preview(
            schema: chain.output,
            rows: rows,
            balance: balance,
            reservations: reader.reservations,
            reasons: reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        )
    }
}
