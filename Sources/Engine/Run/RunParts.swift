internal import PostgresCheckpoints
internal import RollcallCore

/// What a run's loop works with: everything open, and errors laid to whom they belong.
struct RunParts: Sendable {
    let pipeline: Pipeline
    let reader: any SourceReader
    let chain: TransformChain
    let writer: any SinkWriter
    let session: RunSession
    let window: Int
    let stop: StopSignal
    let observe: @Sendable (RunEvent) -> Void

    /// The next batch, no larger than a delivery.
    ///
    /// So a batch is spread over two deliveries at most, and a window of two is enough to record it.
    func nextBatch() async throws -> Batch? {
        try await pipeline.source.running { _ in try await reader.next(atMost: writer.rowsPerDelivery) }
    }

    func deliver(_ rows: Batch) async throws -> DeliveryReport {
        try await pipeline.sink.running { _ in try await writer.deliver(rows) }
    }

    /// A row that a transform refused, named by the source's key columns.
    func reject(_ fault: RowFault, from batch: Batch) -> Reject {
        let values = pipeline.source.plugin.keyColumns.compactMap { name in
            batch.schema.index(of: name).map { batch.columns[$0][fault.row] ?? "NULL" }
        }
        return Reject(.invalid, key: values.joined(separator: "/"), code: fault.code, reason: fault.reason)
    }

    /// The key of a row of a delivery; its number where the sink has no keys.
    func sinkKey(of row: Int, in rows: Batch) -> String {
        writer.keyColumn.map { rows.columns[$0][row] ?? "NULL" } ?? "row \(row + 1)"
    }
}
