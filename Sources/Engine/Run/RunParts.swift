internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// What a run's loop works with: everything open, and errors laid to whom they belong.
struct RunParts: Sendable {
    let pipeline: Pipeline
    let reader: SourceListReader
    let chain: TransformChain
    let writer: any SinkWriter
    let session: RunSession
    /// Nil where rows have no identity at the destination.
    let keeper: LedgerKeeper?
    /// Whether the source is read from its beginning.
    let isFullPass: Bool
    let options: RunOptions
    let payloads: PayloadSealer?
    let window: Int
    let stop: StopSignal
    let observe: @Sendable (RunEvent) -> Void

    /// The next batches, so many at most, none larger than a delivery.
    ///
    /// So a batch is spread over two deliveries at most, and a window of two is enough to record it.
    func nextBatches(atMost count: Int) async -> SomeOf<Batch> {
        await nextBatches(atMost: count, on: reader.actor)
    }

    private func nextBatches(atMost count: Int, on actor: isolated (any Actor)?) async -> SomeOf<Batch> {
        await SomeOf(atMost: count) { _ in try await reader.next(atMost: writer.rowsPerDelivery) }
    }

    /// Rows of these keys as they are in the source now; nil where the source cannot look them up.
    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        try await reader.rows(withKeys: keys)
    }

    /// Takes batches through the transforms and a look into the ledger, in their order.
    func match(_ batches: [Batch], isLookedUp: Bool) async -> SomeOf<(MatchedBatch, from: Batch)> {
        let transformed = await SomeOf(atMost: batches.count) { try await chain.apply(batches[$0]) }
        guard let keeper else {
            return transformed.map { (MatchedBatch($1, from: batches[$0]), from: batches[$0]) }
        }
        // Most of the work, and it needs neither the order nor the ledger.
        let contacts = await keeper.contacts(of: transformed.values.map(\.batch))
        let values = transformed.values
        let matched = await SomeOf(atMost: values.count) { place in
            let batch = batches[place]
            let matched = try keeper.match(values[place], contacts[place], from: batch, isLookedUp: isLookedUp)
            return (matched, from: batch)
        }
        return matched.failing(with: transformed.failure)
    }

    func deliver(_ delivery: Delivery) async throws -> DeliveryReport {
        let returning = Set(delivery.intents.indices.filter { delivery.intents[$0]?.isReturning == true })
        return try await pipeline.sink.running { _ in
            try await writer.deliver(delivery.rows, returning: returning)
        }
    }

    /// The source's key columns of a batch.
    func keys(of batch: Batch) -> KeyColumns { KeyColumns(pipeline.sources.keyColumns, of: batch) }

    /// How many rows of a batch nobody knows whose they are.
    func unidentified(in batch: Batch) -> Int { keys(of: batch).unidentified(in: batch) }

    /// A row of the source that a transform refused.
    func reject(_ fault: RowFault, from batch: Batch) -> Reject {
        Reject(
            .invalid,
            key: keys(of: batch).values(of: fault.row),
            code: fault.code,
            reason: fault.reason,
            payload: payloads?.seal(fault.row, of: batch)
        )
    }

    /// A row of a delivery that did not reach the destination.
    func reject(_ stage: Reject.Stage, _ fault: RowFault, key: [String], in delivery: Delivery) -> Reject {
        Reject(
            stage,
            key: key,
            code: fault.code,
            reason: fault.reason,
            content: delivery.intents.isEmpty ? nil : delivery.intents[fault.row]?.digest.bytes,
            payload: payloads?.seal(fault.row, of: delivery.rows)
        )
    }
}
