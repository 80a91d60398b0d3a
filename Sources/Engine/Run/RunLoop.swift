internal import PostgresCheckpoints
internal import RollcallCore

/// The heart of a run: an event loop that starts whatever may start, then waits for the first thing to end.
///
/// Reading, transforming, delivering and recording overlap, each in a child task; all decisions are taken here, one at a
/// time. Memory is bounded by the batches under way, however large the source is.
struct RunLoop {
    private typealias Tasks = TaskGroup<Event>

    /// What a child task does.
    private enum Work: Sendable {
        case reading
        case transforming
        case delivering
        case recording
        // As long as the run lasts; the loop does not wait for these.
        case holdingLease
        case awaitingStop
    }

    /// How a child task ended.
    private enum Event: Sendable {
        /// Nil at the end of the source, or when a stop was requested.
        case read(Batch?)
        case transformed(Transformed, from: Batch)
        case delivered(Delivery, DeliveryReport)
        case recorded(Balance)
        case stopRequested
        case failed(Work, any Error)
    }

    /// Batches that may wait for their transforms, and deliveries that may wait for room.
    private static let readAhead = 2
    private static let leaseRenewalInterval = Duration.seconds(15)

    private let parts: RunParts
    private var settlement: Settlement
    private var grouper: DeliveryGrouper
    private var unread: [Batch] = []
    private var ready: [Delivery] = []
    private var underWay: [Work: Int] = [:]
    private var canRecord = true
    private var reachedEnd = false
    private var announcedStop = false
    private var firstDelivery: ContinuousClock.Instant?
    private var balance = Balance()
    private var failure: (any Error)?

    init(_ parts: RunParts) {
        self.parts = parts
        settlement = Settlement(window: parts.window)
        grouper = DeliveryGrouper(
            schema: parts.chain.output,
            rowsPerDelivery: parts.writer.rowsPerDelivery,
            keyColumn: parts.writer.keyColumn
        )
    }

    /// Runs to the end of the source, or until a stop is requested, or until something fails.
    ///
    /// After a failure nothing new is started, but what is under way is settled and recorded before the error is thrown.
    mutating func run() async throws -> RunEnd {
        await withTaskGroup(of: Event.self) { tasks in
            start(.holdingLease, &tasks) { [session = parts.session] in try await Self.holdLease(session) }
            start(.awaitingStop, &tasks) { [stop = parts.stop] in
                await stop.wait()
                return .stopRequested
            }
            repeat {
                startWhatMay(&tasks)
                guard isBusy, let event = await tasks.next() else { break }
                handle(event)
            } while true
            tasks.cancelAll()
        }
        try Task.checkCancellation()
        if let failure { throw failure }
        guard balance.holds, settlement.isComplete else { throw unbalanced }
        let next = reachedEnd ? try await parts.reader.finalPosition() : nil
        return RunEnd(balance: balance, reachedEnd: reachedEnd, nextPosition: next, firstDelivery: firstDelivery)
    }

    // MARK: - What may start

    private var isStopping: Bool { failure != nil || parts.stop.isRequested }

    private func isIdle(_ work: Work) -> Bool { underWay[work, default: 0] == 0 }

    private var isBusy: Bool {
        ![Work.reading, .transforming, .delivering, .recording].allSatisfy(isIdle)
    }

    private mutating func startWhatMay(_ tasks: inout Tasks) {
        if isStopping { windDown() }
        startReading(&tasks)
        startTransforming(&tasks)
        flushLastRows()
        startDeliveries(&tasks)
        startRecording(&tasks)
    }

    /// What was read but not yet taken note of is left for the next run; after a failure, so is what waits for room.
    private mutating func windDown() {
        if !unread.isEmpty {
            unread = []
            // Rows before the source's end are left out, so its end was not reached by this run.
            reachedEnd = false
        }
        if failure != nil {
            ready = []
        } else if !announcedStop {
            announcedStop = true
            parts.observe(.stopping(deliveriesUnderWay: underWay[.delivering, default: 0]))
        }
    }

    private mutating func startReading(_ tasks: inout Tasks) {
        let hasRoom = unread.count < Self.readAhead && ready.count < Self.readAhead
        guard hasRoom, isIdle(.reading), !reachedEnd, !isStopping else { return }
        start(.reading, &tasks) { [parts] in
            .read(try await parts.stop.interrupting { try await parts.nextBatch() } ?? nil)
        }
    }

    private mutating func startTransforming(_ tasks: inout Tasks) {
        guard isIdle(.transforming), !unread.isEmpty else { return }
        let batch = unread.removeFirst()
        start(.transforming, &tasks) { [parts] in
            .transformed(try await parts.chain.apply(batch), from: batch)
        }
    }

    /// Once no row can join them, the last rows go, however few.
    private mutating func flushLastRows() {
        let nothingFollows = (reachedEnd || isStopping) && isIdle(.reading) && isIdle(.transforming) && unread.isEmpty
        guard nothingFollows, failure == nil, let last = grouper.flush() else { return }
        ready.append(last)
    }

    private mutating func startDeliveries(_ tasks: inout Tasks) {
        while let delivery = ready.first, settlement.admits(delivery) {
            ready.removeFirst()
            settlement.start(delivery)
            start(.delivering, &tasks) { [parts] in
                .delivered(delivery, try await parts.deliver(delivery.rows))
            }
        }
    }

    private mutating func startRecording(_ tasks: inout Tasks) {
        guard canRecord, let record = settlement.nextRecord() else { return }
        start(.recording, &tasks) { [session = parts.session] in
            try await session.record(record)
            return .recorded(record.balance)
        }
    }

    private mutating func start(
        _ work: Work,
        _ tasks: inout Tasks,
        _ body: @escaping @Sendable () async throws -> Event
    ) {
        underWay[work, default: 0] += 1
        tasks.addTask {
            do {
                return try await body()
            } catch {
                return .failed(work, error)
            }
        }
    }

    /// Renews the lease until it is cancelled or the lease is lost.
    private static func holdLease(_ session: RunSession) async throws -> Never {
        while true {
            try await Task.sleep(for: leaseRenewalInterval)
            try await session.renewLease()
        }
    }

    // MARK: - What ended

    private mutating func handle(_ event: Event) {
        switch event {
        case .read(let batch):
            end(.reading)
            if let batch {
                unread.append(batch)
            } else if !parts.stop.isRequested {
                reachedEnd = true
            }
        case .transformed(let transformed, let batch):
            end(.transforming)
            let rejects = transformed.invalid.map { parts.reject($0, from: batch) }
            let number = settlement.add(transformed, read: batch.rowCount, rejects: rejects)
            ready += grouper.add(transformed.batch, number: number)
        case .delivered(let delivery, let report):
            end(.delivering)
            firstDelivery = firstDelivery ?? ContinuousClock.now
            settlement.settle(delivery, report) { [parts] in parts.sinkKey(of: $0, in: delivery.rows) }
        case .recorded(let part):
            end(.recording)
            settlement.recorded()
            balance += part
            parts.observe(.progressed(balance))
        // The loop looks for itself whether to stop; it had to be woken to do so.
        case .stopRequested: end(.awaitingStop)
        case .failed(let work, let error):
            end(work)
            if work == .recording || work == .holdingLease { canRecord = false }
            failure = failure ?? error
        }
    }

    private mutating func end(_ work: Work) {
        underWay[work, default: 0] -= 1
    }

    private var unbalanced: RollcallError {
        RollcallError(
            .fatal,
            """
            the run does not balance: of \(balance.read) rows read, \(balance.filtered) were filtered, \(balance.invalid) \
            invalid, \(balance.duplicate) duplicate, \(balance.unchanged) unchanged, \(balance.delivered) delivered and \
            \(balance.rejected) rejected
            """,
            hint: "this is a fault of Rollcall; run the pipeline again, and report it with this line"
        )
    }
}
