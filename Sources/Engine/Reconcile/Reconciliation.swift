public import PostgresCheckpoints
public import RollcallCore
internal import RollcallLedger

/// Compares a pipeline's destination with its source, row by row, without changing either.
///
/// It holds the pipeline, so that no run interferes; checkpoint and history stay as they are.
public struct Reconciliation: Sendable {
    private var pipeline: Pipeline
    private let store: StateStore
    private let exampleCount: Int
    private let maximumRemoved: Allowance?
    private let observe: @Sendable (SinkNotice) -> Void

    /// A comparison that gives as many examples of each kind; `observe` hears what it is about.
    ///
    /// A repair removes no more than `maximumRemoved` allows, or without it the pipeline.
    public init(
        _ pipeline: Pipeline,
        store: StateStore,
        examples: Int = 20,
        maximumRemoved: Allowance? = nil,
        observe: @escaping @Sendable (SinkNotice) -> Void = { _ in }
    ) {
        self.pipeline = pipeline
        self.store = store
        exampleCount = examples
        self.maximumRemoved = maximumRemoved
        self.observe = observe
    }

    /// Reads the ledger, then the destination, then the source from its beginning, and compares.
    ///
    /// - Parameter repairing: Asked where there is something to mend, while the pipeline is held. With true, the ledger learns
    ///   what the destination really has, and the next run that reads the whole source mends it: a caller starts one.
    /// - Returns: How the two compare, before anything is mended.
    /// - Throws: a `RollcallError`, of the disposition `busy` while another process has the pipeline, and of `configuration`
    ///   where the destination cannot tell what it has.
    public func execute(
        repairing: (@Sendable (ReconcileReport) async -> Bool)? = nil
    ) async throws -> ReconcileReport {
        try await store.holding(pipeline.name, for: .reconcile) { session in
            var comparing = self
            comparing.pipeline = try await pipeline.prepared()
            for remark in comparing.pipeline.remarks { observe(SinkNotice(remark, isWarning: true)) }
            return try await comparing.compare(session, repairing)
        }
    }

    private func compare(
        _ session: RunSession,
        _ repairing: (@Sendable (ReconcileReport) async -> Bool)?
    ) async throws -> ReconcileReport {
        let columns = try await columns()
        let context = SinkContext(
            isResuming: session.history.destination != nil,
            isLooking: true,
            report: observe
        )
        let writer = try await pipeline.sink.running { sink in
            try sink.check(columns)
            return try await sink.open(columns, context: context)
        }
        return try await closing(
            with: { await writer.close() },
            after: {
                let comparison = try await comparison(session, writer, columns)
                try await export(writer, into: comparison)
                try await read(writer, columns, comparison)
                try await lookAtExtras(writer, comparison)
                let report = comparison.withState {
                    $0.report(pipeline.removal, columnNames: columns.names, examples: exampleCount)
                }
                guard report.holds else { throw unbalanced }
                if !report.plan.isEmpty, let repairing, await repairing(report) {
                    // What the ledger was told, any later run would carry out.
                    if let verdict = guardian.verdict(
                        removing: report.plan.removed,
                        of: report.contacts,
                        read: report.read,
                        .beforeDeliveries
                    ) {
                        throw verdict
                    }
                    try await tellLedger(session, writer, comparison)
                }
                return report
            }
        )
    }

    private var guardian: RemovalGuard {
        var options = RunOptions()
        options.maximumRemoved = maximumRemoved
        let command = "rollcall reconcile \(pipeline.file) --repair"
        return RemovalGuard(pipeline, options, isFullPass: true, command: command)
    }

    /// The columns that would be delivered.
    ///
    /// The source is closed again: it is read only once the destination was, which may take long.
    private func columns() async throws -> Schema {
        let reader = try await pipeline.openSource()
        return try await closing(
            with: { await reader.close() },
            after: { try TransformChain(pipeline.transforms, input: reader.schema).output }
        )
    }

    private func comparison(
        _ session: RunSession,
        _ writer: any SinkWriter,
        _ columns: Schema
    ) async throws -> Comparison {
        guard let identity = writer.identity else { throw cannotTell }
        let history = session.history
        var ledger = Ledger()
        if isLedger(of: identity, history) {
            ledger = try await session.ledger()
        } else {
            observe(SinkNotice("the ledger is about another destination, and does not count here", isWarning: true))
        }
        let refused = try await session.openRejects().compactMap { reject in
            reject.content.map { (reject.key, $0) }
        }
        return Comparison(
            ledger,
            identity,
            key: try DigestKey(history.digestKey),
            sources: pipeline.sources,
            schema: columns,
            refusedContents: Dictionary(refused) { $1 }
        )
    }

    private func isLedger(of identity: RowIdentity, _ history: PipelineHistory) -> Bool {
        history.destination == nil || history.destination == identity.destination
    }

    private func export(_ writer: any SinkWriter, into comparison: Comparison) async throws {
        observe(SinkNotice("exporting the list"))
        let isTold = try await pipeline.sink.running { _ in
            try await writer.export { comparison.take($0) }
        }
        guard isTold else { throw cannotTell }
    }

    private func read(_ writer: any SinkWriter, _ columns: Schema, _ comparison: Comparison) async throws {
        observe(SinkNotice("reading the source"))
        let reader = try await pipeline.openSource()
        try await closing(
            with: { await reader.close() },
            after: {
                let chain = try TransformChain(pipeline.transforms, input: reader.schema)
                guard chain.output == columns else {
                    throw RollcallError(
                        .fatal,
                        "the columns of the source have changed in the meantime",
                        hint: "compare again"
                    )
                }
                try await chain.survey(reader)
                while let batch = try await reader.next(atMost: writer.rowsPerDelivery) {
                    let transformed = try await chain.apply(batch)
                    let refusals = try pipeline.sink.checking { try $0.refusals(of: transformed.batch) }
                    let suspects = try comparison.compare(transformed, from: batch, refusals: refusals)
                    try await look(at: suspects, writer, comparison)
                }
                try await look(at: comparison.lastSuspects, writer, comparison)
                let unidentified = comparison.withState(\.rows.unidentified)
                if unidentified > 0 { observe(SinkNotice(unidentified: unidentified)) }
            }
        )
    }

    /// The export may be some seconds behind: before contacts count as extra, they are looked up.
    private func lookAtExtras(_ writer: any SinkWriter, _ comparison: Comparison) async throws {
        let ids = comparison.withState { state in
            state.extras(pipeline.removal).prefix(Comparison.maximumLooks).map { state.roll.id($0) }
        }
        try await look(at: ids, writer, comparison)
    }

    private func look(at ids: [String], _ writer: any SinkWriter, _ comparison: Comparison) async throws {
        guard !ids.isEmpty else { return }
        let held = try await pipeline.sink.running { _ in try await writer.heldRows(of: ids) }
        comparison.look(at: held, of: ids)
    }

    private func tellLedger(
        _ session: RunSession,
        _ writer: any SinkWriter,
        _ comparison: Comparison
    ) async throws {
        // What is known of another destination is forgotten by the next run, which sends everything.
        guard let identity = writer.identity, isLedger(of: identity, session.history) else { return }
        let segments = comparison.withState { $0.repair(pipeline.removal) }
        for segment in segments { try await session.append(segment) }
    }

    private var cannotTell: RollcallError {
        RollcallError(
            .configuration,
            "\(pipeline.sink.title) cannot tell what it has, so there is nothing to compare",
            at: pipeline.sink.location
        )
    }

    private var unbalanced: RollcallError {
        RollcallError(
            .fatal,
            "the comparison does not account for every row that was read",
            hint: "this is a fault of Rollcall; compare again, and report it with this line"
        )
    }
}
