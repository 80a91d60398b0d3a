public import PostgresCheckpoints
internal import RollcallCore

/// One execution of a pipeline: read, transform, deliver, record, in this order for every row.
public struct PipelineRun: Sendable {
    private let pipeline: Pipeline
    private let store: StateStore
    private let stop: StopSignal
    private let observe: @Sendable (RunEvent) -> Void

    /// A run that `stop` ends early and in good order; `observe` is called from its loop and from deliveries, so it must be quick.
    public init(
        _ pipeline: Pipeline,
        store: StateStore,
        stop: StopSignal = StopSignal(),
        observe: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.pipeline = pipeline
        self.store = store
        self.stop = stop
        self.observe = observe
    }

    /// Runs the pipeline from its checkpoint to the end of the source.
    ///
    /// - Throws: a `RollcallError`, of the disposition `busy` when another process runs the pipeline. What was settled before
    ///   is recorded all the same. `CancellationError` when the task was cancelled: then only what was recorded by then counts.
    public func execute() async throws -> RunReport {
        let clock = ContinuousClock()
        let start = clock.now
        let session = try await store.begin(pipeline: pipeline.name)
        do {
            let end = try await run(session)
            try await session.finish(stop.isRequested && !end.reachedEnd ? .stopped : .done(next: end.nextPosition))
            return RunReport(
                run: session.run,
                balance: end.balance,
                wasStopped: !end.reachedEnd,
                duration: clock.now - start,
                firstDelivery: end.firstDelivery.map { $0 - start }
            )
        } catch {
            await fail(session, error)
            throw error
        }
    }

    /// Leaves word of the failure and frees the pipeline; the error that matters is the one in hand.
    private func fail(_ session: RunSession, _ error: any Error) async {
        let words = (error as? RollcallError)?.description ?? "stopped at once"
        // A store that cannot be reached cannot be told either; its lease ends by itself.
        try? await session.finish(.failed(words))
    }

    private func run(_ session: RunSession) async throws -> RunEnd {
        // Opening may wait long for a server that does not answer; a stop need not.
        let opened = try await stop.interrupting {
            try await pipeline.source.running { try await $0.open(after: session.position) }
        }
        guard let reader = opened else { return .stoppedBeforeTheFirstRow }
        return try await closing(with: { await reader.close() }, after: { try await deliverAll(from: reader, session) })
    }

    private func deliverAll(from reader: any SourceReader, _ session: RunSession) async throws -> RunEnd {
        let chain = try TransformChain(pipeline.transforms, input: reader.schema)
        let context = SinkContext(isResuming: session.position != nil) { [observe] in
            observe(.notice($0))
        }
        let opened = try await stop.interrupting {
            try await pipeline.sink.running { sink in
                try sink.check(chain.output)
                return try await sink.open(chain.output, context: context)
            }
        }
        guard let writer = opened else { return .stoppedBeforeTheFirstRow }
        observe(
            .started(
                RunStart(run: session.run, position: session.position, estimatedRowCount: reader.estimatedRowCount)
            )
        )
        let parts = RunParts(
            pipeline: pipeline,
            reader: reader,
            chain: chain,
            writer: writer,
            session: session,
            window: writer.deliveriesInFlight,
            stop: stop,
            observe: observe
        )
        return try await closing(
            with: { await writer.close() },
            after: {
                var loop = RunLoop(parts)
                return try await loop.run()
            }
        )
    }
}

/// Where the loop of a run came to.
struct RunEnd: Sendable {
    static let stoppedBeforeTheFirstRow = RunEnd(
        balance: Balance(),
        reachedEnd: false,
        nextPosition: nil,
        firstDelivery: nil
    )

    let balance: Balance
    let reachedEnd: Bool
    /// Where the next run starts; nil for the beginning, or when the end was not reached.
    let nextPosition: Position?
    let firstDelivery: ContinuousClock.Instant?
}
