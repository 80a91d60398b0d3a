internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

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
        /// Nil when a stop was requested.
        case read(SomeOf<Batch>?)
        /// Nil where the source cannot look rows up.
        case reread(Batch?, asked: [OpenReject])
        case matched(SomeOf<(MatchedBatch, from: Batch)>)
        case delivered(Delivery, DeliveryReport)
        /// With the last delivery that the ledger was told of.
        case recorded(Balance, announced: Int?)
        case stopRequested
        case failed(Work, any Error)
    }

    /// Batches that a task reads or transforms at most before the loop hears of them: waking it costs as much as some hundred rows.
    private static let batchesAtOnce = 4
    /// Batches that may wait for their transforms before no more are read.
    private static let readAhead = 8
    /// Deliveries that may wait for room; they are announced together.
    private static let waitingDeliveries = 8

    /// Batches for which a row may wait for company in its delivery.
    private static let patience = 32

    private let parts: RunParts
    private var settlement: Settlement
    private var grouper: DeliveryGrouper
    private var unread: [Batch] = []
    private var ready: [Delivery] = []
    private var underWay: [Work: Int] = [:]
    private var canRecord = true
    private var hasReadAll = false
    /// From then on all rows are looked up by their keys, in no order.
    private var isLookingUp = false
    private var reachedEnd = false
    private var announcedStop = false
    private var firstDelivery: ContinuousClock.Instant?
    /// What deliveries with refused rows made of contacts; by their numbers.
    private var corrections: [Int: StoredSegment] = [:]
    /// Rejects whose rows are not in the source any more.
    private var goneRejects: [OpenReject] = []
    private var balance = Balance()
    /// Rows that could not be read, and nobody knows whose they are.
    private var unidentified = 0
    /// Ends the run with nothing new started.
    private var failure: (any Error)?
    /// Why no more rows come; told when those before are settled.
    private var inputFailure: (any Error)?

    init(_ parts: RunParts) {
        self.parts = parts
        settlement = Settlement(window: parts.window)
        grouper = DeliveryGrouper(
            schema: parts.chain.output,
            rowsPerDelivery: parts.writer.rowsPerDelivery,
            fills: parts.writer.fillsDeliveries
        )
    }

    /// Runs to the end of the source, or until a stop is requested, or until something fails.
    ///
    /// After a failure nothing new is started, but what is under way is settled and recorded before the error is thrown.
    mutating func run() async throws -> RunEnd {
        await withTaskGroup(of: Event.self) { tasks in
            start(.holdingLease, &tasks) { [session = parts.session] in try await session.renewLeaseForEver() }
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
        if let failure = failure ?? inputFailure { throw failure }
        guard balance.holds, settlement.isComplete else { throw unbalanced }
        let next = reachedEnd ? try await parts.reader.finalPosition() : nil
        return RunEnd(
            balance: balance,
            reachedEnd: reachedEnd,
            nextPosition: next,
            firstDelivery: firstDelivery,
            goneRejects: goneRejects,
            unidentified: unidentified
        )
    }

    // MARK: - What may start

    private var isStopping: Bool {
        failure != nil || parts.stop.isRequested
    }

    private func isIdle(_ work: Work) -> Bool { underWay[work, default: 0] == 0 }

    private var isBusy: Bool {
        ![Work.reading, .transforming, .delivering, .recording].allSatisfy(isIdle)
    }

    private mutating func startWhatMay(_ tasks: inout Tasks) {
        if isStopping { windDown() }
        // What takes makes room for what gives.
        startTransforming(&tasks)
        startReading(&tasks)
        startRereading(&tasks)
        flushLastRows()
        startRecording(&tasks)
        startDeliveries(&tasks)
    }

    /// What was read but not yet taken note of is left for the next run; after a failure, so is what waits for room.
    private mutating func windDown() {
        if !unread.isEmpty {
            unread = []
            // Rows before the source's end are left out, so its end was not reached by this run.
            hasReadAll = false
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
        let hasRoom = unread.count < Self.readAhead && ready.count < Self.waitingDeliveries
        guard hasRoom, isIdle(.reading), !hasReadAll, inputFailure == nil, !isStopping else { return }
        start(.reading, &tasks) { [parts] in
            .read(
                try await parts.stop.interrupting { await parts.nextBatches(atMost: Self.batchesAtOnce) }
            )
        }
    }

    /// Behind the source's last row come those that earlier runs could not deliver and this one has not read, as they are now.
    private mutating func startRereading(_ tasks: inout Tasks) {
        guard hasReadAll, !reachedEnd, inputFailure == nil, !isStopping else { return }
        guard isIdle(.reading), isIdle(.transforming), unread.isEmpty else { return }
        let due = parts.isFullPass ? [] : parts.keeper?.withRejects { $0.due } ?? []
        let part = Array(due.prefix(parts.writer.rowsPerDelivery))
        guard !part.isEmpty else {
            reachedEnd = true
            return
        }
        isLookingUp = true
        start(.reading, &tasks) { [parts] in
            .reread(try await parts.rows(withKeys: part.compactMap(\.keyValues)), asked: part)
        }
    }

    private mutating func startTransforming(_ tasks: inout Tasks) {
        guard isIdle(.transforming), !unread.isEmpty else { return }
        let batches = unread
        unread = []
        start(.transforming, &tasks) { [parts, isLookedUp = isLookingUp] in
            .matched(await parts.match(batches, isLookedUp: isLookedUp))
        }
    }

    /// Once no row can join them, the last rows go, however few.
    private mutating func flushLastRows() {
        let isLast = reachedEnd || inputFailure != nil || isStopping
        guard isLast, isIdle(.reading), isIdle(.transforming), unread.isEmpty, failure == nil else { return }
        guard let last = grouper.flush() else { return }
        ready.append(last)
    }

    private mutating func startDeliveries(_ tasks: inout Tasks) {
        while let delivery = ready.first, settlement.admits(delivery) {
            ready.removeFirst()
            settlement.start(delivery)
            start(.delivering, &tasks) { [parts] in
                .delivered(delivery, try await parts.deliver(delivery))
            }
        }
    }

    private mutating func startRecording(_ tasks: inout Tasks) {
        guard canRecord, isIdle(.recording) else { return }
        let announced = failure == nil ? settlement.unannounced(of: ready) : []
        guard settlement.isRecordDue(announcing: announced), !mayRecordLater(announced) else { return }
        guard let record = settlement.nextRecord(announcing: outcomes(announced)) else {
            // There is nothing that the ledger would have to know.
            if let last = announced.last { settlement.announce(upTo: last.number) }
            return
        }
        let corrections = self.corrections
        self.corrections = [:]
        start(.recording, &tasks) { [session = parts.session] in
            for (delivery, segment) in corrections { try await session.correct(delivery, segment) }
            try await session.record(record)
            return .recorded(record.balance, announced: announced.last?.number)
        }
    }

    private func mayRecordLater(_ announced: [Delivery]) -> Bool {
        announced.isEmpty && settlement.canRecordLater && (!isIdle(.reading) || !isIdle(.transforming))
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

    // MARK: - What ended

    private mutating func handle(_ event: Event) {
        switch event {
        case .read(let read):
            end(.reading)
            guard let read else { return }
            // Behind a batch that could not be transformed none may be.
            guard inputFailure == nil else { return }
            unread += read.values
            inputFailure = read.failure
            if read.isEnd, !parts.stop.isRequested { hasReadAll = true }
        case .reread(let batch, let asked):
            end(.reading)
            take(batch, asked: asked)
        case .matched(let some):
            end(.transforming)
            for (matched, batch) in some.values { add(matched, from: batch) }
            if let fault = some.failure {
                inputFailure = fault
                unread = []
            }
        case .delivered(let delivery, let report):
            end(.delivering)
            firstDelivery = firstDelivery ?? ContinuousClock.now
            settle(delivery, report)
        case .recorded(let part, let announced):
            end(.recording)
            settlement.recorded()
            if let announced { settlement.announce(upTo: announced) }
            balance += part
            if let most = parts.pipeline.maximumRejects, case .count = most {
                failure = failure ?? RollcallError(tooManyRejects: balance, allowed: most, of: parts.pipeline.name)
            }
            parts.observe(.progressed(balance))
        // The loop looks for itself whether to stop; it had to be woken to do so.
        case .stopRequested: end(.awaitingStop)
        case .failed(let work, let error):
            end(work)
            if work == .recording || work == .holdingLease { canRecord = false }
            if work == .reading {
                inputFailure = inputFailure ?? error
            } else {
                failure = failure ?? error
            }
        }
    }

    private mutating func add(_ matched: MatchedBatch, from batch: Batch) {
        let rejects = matched.invalid.map { parts.reject($0, from: batch) } + batch.unreadable.map(Reject.init)
        noteRead(rejects.map(\.key))
        unidentified += parts.unidentified(in: batch)
        let number = settlement.add(matched, keys: parts.keys(of: batch), rejects: rejects)
        ready += grouper.add(matched.rows, number: number, intents: matched.intents)
        // A row that waits for company keeps its batch, and all behind it, from being recorded.
        if let oldest = grouper.oldestBatch, number - oldest >= Self.patience, let part = grouper.flush() {
            ready.append(part)
        }
    }

    /// Takes rows that were looked up; those that were not found have left the source.
    private mutating func take(_ batch: Batch?, asked: [OpenReject]) {
        noteRead(asked.map(\.key))
        guard var batch else { return }
        let found = Set((0..<batch.rowCount).map(parts.keys(of: batch).name) + batch.unreadable.map { Reject($0).key })
        // A row that nobody knows whose it is may be any of them.
        if parts.unidentified(in: batch) == 0 { goneRejects += asked.filter { !found.contains($0.key) } }
        // They were counted where they stand in the source's order.
        batch.unreadable = []
        if batch.rowCount > 0 { unread.append(batch) }
    }

    private mutating func settle(_ delivery: Delivery, _ report: DeliveryReport) {
        let faults = report.invalid.map { (Reject.Stage.invalid, $0) } + report.rejected.map { (.rejected, $0) }
        let refused = faults.map { stage, fault in
            let key = settlement.key(of: fault.row, in: delivery)
            return RefusedRow(row: fault.row, reject: parts.reject(stage, fault, key: key, in: delivery))
        }
        let rows = Set(refused.map(\.row))
        parts.keeper?.noteRefused(rows, of: delivery)
        let duplicates = parts.keeper?.confirm(delivery, except: rows) ?? [:]
        if !refused.isEmpty { corrections[delivery.number] = parts.keeper?.outcome(of: delivery, except: rows).stored }
        let closed = closedRejects(delivery, except: rows)
        settlement.settle(delivery, refused: refused, duplicates: duplicates, closed: closed)
        noteRead(refused.map(\.reject.key))
    }

    /// Rows of the delivery that earlier runs could not deliver.
    private func closedRejects(_ delivery: Delivery, except refused: Set<Int>) -> [Int: [ClosedReject]] {
        guard let keeper = parts.keeper, keeper.withRejects({ !$0.isEmpty }) else { return [:] }
        var closed: [Int: [ClosedReject]] = [:]
        for row in 0..<delivery.rows.rowCount where !refused.contains(row) {
            let key = Reject.name(of: settlement.key(of: row, in: delivery))
            guard keeper.withRejects({ $0.close(key) }) else { continue }
            closed[delivery.owners[row], default: []].append(ClosedReject(key: key, .delivered))
        }
        return closed
    }

    /// Rows that were refused by this run, or looked up: it does not read them once more.
    private func noteRead(_ keys: [String]) {
        guard !keys.isEmpty else { return }
        parts.keeper?.withRejects { book in
            for key in keys { book.noteRead(key) }
        }
    }

    /// What the state database must know before these deliveries start.
    private func outcomes(_ deliveries: [Delivery]) -> [Int: StoredSegment] {
        guard let keeper = parts.keeper else { return [:] }
        return deliveries.reduce(into: [:]) { $0[$1.number] = keeper.outcome(of: $1).stored }
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
