internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

/// How a run goes about its source: from the checkpoint on, or from the beginning.
struct Pass {
    /// Where the source is opened; nil for its beginning.
    let position: Position?
    /// Why it begins at the beginning although there is a checkpoint; for a person.
    let reason: String?
    /// Whether the checkpoint is void: a run that goes on after this one must not start there either.
    private let isCheckpointVoid: Bool

    private let pipeline: Pipeline
    private let session: RunSession

    let filledSources: FilledSources

    /// Whether everything is to be seen, by this run or by a later one.
    private let isSweepOwed: Bool

    init(_ pipeline: Pipeline, _ session: RunSession, _ options: RunOptions) {
        self.pipeline = pipeline
        self.session = session
        let history = session.history
        let change = history.destination == nil ? nil : history.fingerprint.flatMap(pipeline.change)
        let isDue = pipeline.sweepInterval.map { interval in
            history.secondsSinceSweep.map { $0 >= Double(interval.seconds) } ?? true
        }
        let positions = session.position.flatMap(SourcePositions.init)
        filledSources = FilledSources(
            names: positions?.filled ?? [],
            isExpected: !options.allowsEmptySources && pipeline.rowsSpeakForOthers
        )
        isCheckpointVoid = change != nil && session.position != nil
        isSweepOwed = change != nil || options.sweeps
        switch (session.position, change, Self.needForAllRows(pipeline, positions)) {
        case (nil, _, _): (position, reason) = (nil, nil)
        case (_, let change?, _):
            (position, reason) = (nil, "\(change): everything is read once, and what changed by it is sent")
        case _ where options.sweeps: (position, reason) = (nil, "sweep: everything is read, and what differs is sent")
        case (_, _, let what?):
            (position, reason) = (nil, "\(what): everything is read, and what differs is sent")
        // A pass that was interrupted is not begun anew: it goes on, and the sweep comes after it.
        case _ where (isDue == true || history.isSweepOwed) && !history.isPassOpen:
            (position, reason) = (nil, "a sweep is due: everything is read, and what differs is sent")
        case (let position, _, nil): (self.position, reason) = (position, nil)
        }
    }

    /// Why no run may begin anywhere but at the beginning; for a person.
    private static func needForAllRows(_ pipeline: Pipeline, _ positions: SourcePositions?) -> String? {
        // One that moved on alone would have the last word.
        if pipeline.sources.sharesKeys { return "several sources share their keys" }
        // Who has left it is found only where all rows are seen.
        if pipeline.removal != nil, let positions,
            let member = pipeline.sources.members.first(where: {
                pipeline.sources.isList && positions.bySource[$0.name] == nil
            })
        {
            return "the source `\(member.name)` is always read from its beginning"
        }
        return pipeline.transforms.first { $0.plugin.needsAllRows }.map { "\($0.title) needs all rows" }
    }

    /// Whether the destination must hold what earlier runs delivered.
    var isResuming: Bool {
        position != nil || session.history.destination != nil && !session.history.mayMove
    }

    /// A guess of the source may be far off, and a list has no more contacts.
    private static let mostExpectedRows = 1_000_000

    /// Loads what is known of the destination.
    ///
    /// - Parameters:
    ///   - identity: How the destination tells rows apart.
    ///   - columns: What is delivered.
    ///   - rowCount: About how many rows are to come; room for so many new contacts is made at once.
    ///   - observe: Hears what the run is about.
    /// - Returns: Nil where rows have no identity there.
    /// - Throws: a preflight error where earlier runs filled another destination, and nobody has said that it may change.
    func openLedger(
        _ identity: RowIdentity?,
        columns: Schema,
        expecting rowCount: Int?,
        _ observe: (RunEvent) -> Void
    ) async throws -> LedgerKeeper? {
        guard let identity else { return nil }
        let history = session.history
        let isOther = history.destination != nil && history.destination != identity.destination
        if isOther, !history.mayMove {
            throw RollcallError(
                .preflight,
                """
                earlier runs of the pipeline filled the destination \(history.destination ?? ""), and the rows would go to \
                \(identity.destination)
                """,
                hint: """
                    restore the settings of the sink, or begin anew there: `rollcall checkpoint reset \(pipeline.name)`; \
                    what is at the old destination stays
                    """,
                at: pipeline.sink.location
            )
        }
        if isOther, history.ledgerEntryCount > 0 {
            observe(
                .notice(SinkNotice("the destination is new: what was delivered to the old one does not count for it"))
            )
        }
        let isNew = isOther || history.mayMove || history.destination == nil
        if isNew || isSweepOwed || history.fingerprint != pipeline.fingerprint.text {
            try await session.beginPass(
                destination: identity.destination,
                fingerprint: pipeline.fingerprint.text,
                forgettingCheckpoint: isCheckpointVoid || isOther,
                forgettingLedger: isOther,
                owingSweep: isSweepOwed
            )
        }
        let isKnown = !isOther && history.ledgerEntryCount > 0
        let key = try DigestKey(history.digestKey)
        let matcher = RowMatcher(
            isKnown ? try await session.ledger() : Ledger(capacity: min(rowCount ?? 0, Self.mostExpectedRows)),
            identity,
            key: key,
            sources: pipeline.sources,
            choosesRows: pipeline.choosesAmongRows,
            rejects: RejectBook(try await session.openRejects(), maximumAttempts: pipeline.maximumAttempts)
        )
        return LedgerKeeper(matcher, key: key, schema: columns)
    }
}
