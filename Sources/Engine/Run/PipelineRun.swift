public import PostgresCheckpoints
internal import RollcallCore
public import RollcallLedger
internal import Synchronization

/// One execution of a pipeline: read, transform, deliver, record, in this order for every row.
public struct PipelineRun: Sendable {
    private var pipeline: Pipeline
    private let store: StateStore
    private let options: RunOptions
    private let payloads: PayloadSealer?
    private let stop: StopSignal
    private let observe: @Sendable (RunEvent) -> Void

    /// A run that `stop` ends early and in good order; `observe` is called from its loop and from deliveries, so it must be quick.
    ///
    /// `payloads` encrypts rows that are refused; without it none of them is kept.
    public init(
        _ pipeline: Pipeline,
        store: StateStore,
        options: RunOptions = RunOptions(),
        payloads: PayloadSealer? = nil,
        stop: StopSignal = StopSignal(),
        observe: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.pipeline = pipeline
        self.store = store
        self.options = options
        self.payloads = pipeline.keepsPayload ? payloads : nil
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
        let session = try await store.begin(pipeline: pipeline.name, maximumAttempts: pipeline.maximumAttempts)
        do {
            let end = try await run(session)
            if let verdict = end.verdict {
                // Every row is settled, so the next run starts where it would have; but this one is a failed run.
                let isSweep = end.isFullPass
                try await session.finish(.judged(verdict.description, next: end.nextPosition, isSweep: isSweep))
                throw JudgedRun(error: verdict)
            }
            let openRejects = try await session.openRejects().count
            let isStopped = stop.isRequested && !end.reachedEnd
            try await session.finish(isStopped ? .stopped : .done(next: end.nextPosition, isSweep: end.isSweep))
            return RunReport(
                run: session.run,
                balance: end.balance,
                wasStopped: !end.reachedEnd,
                duration: clock.now - start,
                firstDelivery: end.firstDelivery.map { $0 - start },
                openRejects: openRejects,
                nulled: end.nulled,
                heldBack: end.heldBack
            )
        } catch let judged as JudgedRun {
            throw judged.error
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
        // Tables of steps are read before it is decided how the run goes about its source: what has changed there counts, too.
        let prepared = try await session.keepingLease { [pipeline, stop] in
            try await stop.interrupting { try await pipeline.prepared() }
        }
        guard let prepared else { return .stoppedBeforeTheFirstRow }
        for remark in prepared.remarks { observe(.notice(SinkNotice(remark, isWarning: true))) }
        var run = self
        run.pipeline = prepared
        return try await run.runPrepared(session)
    }

    private func runPrepared(_ session: RunSession) async throws -> RunEnd {
        let pass = Pass(pipeline, session, options)
        if let reason = pass.reason { observe(.notice(SinkNotice(reason))) }
        guard let reader = try await openSource(pass) else { return .stoppedBeforeTheFirstRow }
        let source = OpenSource(reader)
        return try await closing(
            with: { await source.close() },
            after: { try await deliverAll(from: source, pass, session) }
        )
    }

    /// Nil where a stop was requested: opening may wait long for a server that does not answer, and a stop need not.
    private func openSource(_ pass: Pass) async throws -> SourceListReader? {
        try await stop.interrupting {
            try await pipeline.openSource(after: pass.position, knowing: pass.filledSources)
        }
    }

    private func deliverAll(from source: OpenSource, _ pass: Pass, _ session: RunSession) async throws -> RunEnd {
        let chain = try TransformChain(pipeline.transforms, input: source.reader.schema)
        let context = SinkContext(isResuming: pass.isResuming) { [observe] in
            observe(.notice($0))
        }
        let opened = try await stop.interrupting {
            try await pipeline.sink.running { sink in
                try sink.check(chain.output)
                return try await sink.open(chain.output, context: context)
            }
        }
        guard let writer = opened else { return .stoppedBeforeTheFirstRow }
        return try await closing(
            with: { await writer.close() },
            after: { try await deliverAll(from: source, through: chain, to: writer, pass, session) }
        )
    }

    private func deliverAll(
        from source: OpenSource,
        through chain: TransformChain,
        to writer: any SinkWriter,
        _ pass: Pass,
        _ session: RunSession
    ) async throws -> RunEnd {
        let reservation = try pipeline.reservation(writer.identity, source: source.reader.schema, output: chain.output)
        if let reservation { observe(.notice(SinkNotice(reservation, isWarning: true))) }
        let keeper = try await pass.openLedger(
            writer.identity,
            columns: chain.output,
            expecting: source.reader.estimatedRowCount,
            observe
        )
        guard let keeper, pipeline.removal != nil, keeper.knownCount > 0 else {
            return try await deliverAll(from: source.reader, through: chain, to: writer, keeper, pass, session)
        }
        let outlook = Outlook(
            pipeline: pipeline,
            reader: source.reader,
            chain: chain,
            keeper: keeper,
            isFullPass: pass.position == nil,
            rowsAtOnce: writer.rowsPerDelivery
        )
        guard try await lookAhead(outlook, session) else { return .stoppedBeforeTheFirstRow }
        // What is sent is to be as young as can be.
        await source.close()
        guard let reader = try await openSource(pass) else { return .stoppedBeforeTheFirstRow }
        return try await closing(
            with: { await reader.close() },
            after: {
                let chain = try TransformChain(pipeline.transforms, input: reader.schema)
                guard chain.output == outlook.chain.output else { throw columnsHaveChanged }
                return try await deliverAll(from: reader, through: chain, to: writer, keeper, pass, session)
            }
        )
    }

    /// Lets the guard judge what all rows of the pass would come to, before any is sent.
    ///
    /// - Returns: False where a stop was requested.
    /// - Throws: a `RollcallError` of the disposition `guarded`.
    private func lookAhead(_ outlook: Outlook, _ session: RunSession) async throws -> Bool {
        observe(.notice(SinkNotice("looking for contacts whose rows have left, before anything is sent")))
        let found = try await session.keepingLease {
            try await stop.interrupting {
                try await outlook.survey()
                return try await outlook.look()
            }
        }
        guard let found else { return false }
        let verdict = RemovalGuard(pipeline, options, isFullPass: outlook.isFullPass)
            .verdict(
                removing: found.leaving,
                of: found.whole,
                read: found.read,
                emptySources: outlook.reader.emptySources,
                .beforeDeliveries
            )
        if let verdict { throw verdict }
        return true
    }

    private var columnsHaveChanged: RollcallError {
        RollcallError(
            .preflight,
            "the columns of the source have changed while the run looked at it",
            hint: "run once more",
            at: pipeline.sources.location
        )
    }

    private func deliverAll(
        from reader: SourceListReader,
        through chain: TransformChain,
        to writer: any SinkWriter,
        _ keeper: LedgerKeeper?,
        _ pass: Pass,
        _ session: RunSession
    ) async throws -> RunEnd {
        let surveyed = try await session.keepingLease {
            try await stop.interrupting {
                try await chain.survey(reader, keyColumns: pipeline.sources.keyColumns)
            }
        }
        guard let surveyed else { return .stoppedBeforeTheFirstRow }
        keeper?.noteUnreadable(surveyed)
        keeper?.begin(reader)
        let parts = RunParts(
            pipeline: pipeline,
            reader: reader,
            chain: chain,
            writer: writer,
            session: session,
            keeper: keeper,
            isFullPass: pass.position == nil,
            options: options,
            payloads: payloads,
            window: writer.deliveriesInFlight,
            stop: stop,
            observe: observe
        )
        observe(
            .started(
                RunStart(run: session.run, position: pass.position, estimatedRowCount: reader.estimatedRowCount)
            )
        )
        for reservation in reader.reservations { observe(.notice(SinkNotice(reservation, isWarning: true))) }
        var loop = RunLoop(parts)
        var end: RunEnd
        do {
            end = try await loop.run()
        } catch let error as RollcallError where error.cause is KeyIsNotUnique {
            // A run that went on behind this place would see nothing wrong. A store that is lost cannot be told; the error in hand counts.
            try? await session.beginPass(
                destination: writer.identity?.destination,
                fingerprint: pipeline.fingerprint.text,
                forgettingCheckpoint: true,
                forgettingLedger: false,
                owingSweep: true
            )
            throw error
        }
        end.nulled = await chain.nulledValues
        end.heldBack = keeper?.heldBack ?? 0
        guard end.reachedEnd else { return end }
        for remark in await reader.remarks() { observe(.notice(SinkNotice(remark, isWarning: true))) }
        return try await Departures(parts).run(end)
    }
}

/// A source that is closed once, by whoever is through with it first.
private final class OpenSource: Sendable {
    let reader: SourceListReader
    private let isOpen = Mutex(true)

    init(_ reader: SourceListReader) { self.reader = reader }

    func close() async {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { await reader.close() }
    }
}

/// Carries the error of a run whose ending is recorded already.
private struct JudgedRun: Error {
    let error: RollcallError
}

/// Where the loop of a run came to.
struct RunEnd: Sendable {
    static let stoppedBeforeTheFirstRow = RunEnd(
        balance: Balance(),
        reachedEnd: false,
        nextPosition: nil,
        firstDelivery: nil
    )

    var balance: Balance
    let reachedEnd: Bool
    /// Where the next run starts; nil for the beginning, or when the end was not reached.
    let nextPosition: Position?
    let firstDelivery: ContinuousClock.Instant?
    /// Rows that earlier runs could not deliver and that are not in the source any more.
    var goneRejects: [OpenReject] = []
    /// Rows that could not be read, and nobody knows whose they are.
    var unidentified = 0
    /// As `RunReport.nulled`.
    var nulled: [NulledValues] = []
    /// As `RunReport.heldBack`.
    var heldBack = 0
    /// Whether the source was read from its beginning.
    var isFullPass = false
    /// Whether the whole source was seen, and what has left it was dealt with.
    var isSweep = false
    /// Why the run has failed although every row is settled.
    var verdict: RollcallError?
}
