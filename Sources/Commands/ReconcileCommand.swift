internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallEngine

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Prove that the contact list equals the CRM, or show where it does not.",
        discussion: """
            Exports the list, reads the whole source, and compares every contact with its row; exit 6 where they differ. Holds \
            the pipeline meanwhile (exit 75 while another process has it); checkpoint and history stay as they are. Shows ids \
            and names of columns, never values.

            --repair sends again what is missing or different, and removes by `on_missing`, within `max_removed`, what no row \
            makes. It asks first; without a terminal and without --yes it only shows the plan. Then it compares once more.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Flag(help: "Mend what differs, with a run over the whole source.")
    var repair = false

    @Flag(name: .shortAndLong, help: "Do not ask before --repair.")
    var yes = false

    @Option(name: [.customShort("n"), .long], help: "How many examples of each kind to show.")
    var limit = 20

    @OptionGroup var removal: RemovalOptions

    @OptionGroup var state: StateOptions

    @Flag(help: "Print the result as JSON; never asks.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show no progress, only warnings, errors and the result.")
    var quiet = false

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must be at least 0") }
        guard repair || !yes else { throw ValidationError("--yes is of use with --repair only") }
    }

    func run() async throws {
        let pipeline = try PipelineLoader.standard.load(file)
        let signals = SignalHandling()
        try await state.withStore { store in
            let isEqual = try await reconcile(pipeline, store, signals)
            if let signal = signals.signal { throw ExitStatus.stopped(by: signal) }
            if !isEqual { throw ExitStatus.different }
        }
    }

    /// - Returns: Whether list and CRM are equal, in the end.
    private func reconcile(_ pipeline: Pipeline, _ store: StateStore, _ signals: SignalHandling) async throws -> Bool {
        let first = try await compare(pipeline, store, signals, mayRepair: repair)
        guard first.repairs else {
            let plan = repair && !first.report.isEqual ? RepairResult(first.report.plan) : nil
            if json {
                print(try JSONOutput.text(ReconcileResult(pipeline.name, first, repair: plan)))
            } else if !first.wasShown {
                show(first, of: pipeline)
            }
            if plan != nil, !first.wasShown {
                Console.warning(
                    "nothing was mended: nobody could be asked; --yes mends without asking",
                    of: pipeline.name
                )
            }
            return first.report.isEqual
        }
        if !json, !first.wasShown { show(first, of: pipeline) }
        let report = try await mend(pipeline, store, signals)
        if report.wasStopped {
            throw ExitStatus.stopped(by: signals.signal ?? SIGTERM)
        }
        let last = try await compare(pipeline, store, signals, mayRepair: false)
        if json {
            let repaired = RepairResult(first.report.plan)
            repaired.run = RunResult(pipeline.name, report)
            repaired.after = ReconcileResult(pipeline.name, last, repair: nil)
            print(try JSONOutput.text(ReconcileResult(pipeline.name, first, repair: repaired)))
        } else {
            print(report.text(pipeline.name))
            print(last.text(pipeline.name))
        }
        return last.report.isEqual
    }

    private func compare(
        _ pipeline: Pipeline,
        _ store: StateStore,
        _ signals: SignalHandling,
        mayRepair: Bool
    ) async throws -> Comparing {
        let clock = ContinuousClock()
        let start = clock.now
        let reconciliation = Reconciliation(
            pipeline,
            store: store,
            examples: limit,
            maximumRemoved: removal.maxRemoved
        ) { notice in
            if notice.isWarning {
                Console.warning(notice.message, of: pipeline.name)
            } else if !quiet {
                Console.line("\(pipeline.name): \(notice.message)")
            }
        }
        let decision = Decision()
        let report = try await signals.stop.interrupting {
            try await reconciliation.execute { report in
                guard mayRepair else { return false }
                return decision.take(yes || ask(Comparing(report, clock.now - start), pipeline, decision, signals))
            }
        }
        guard let report else { throw ExitStatus.stopped(by: signals.signal ?? SIGTERM) }
        return Comparing(
            report,
            clock.now - start,
            repairs: decision.repairs,
            wasShown: decision.wasShown
        )
    }

    private func ask(
        _ comparing: Comparing,
        _ pipeline: Pipeline,
        _ decision: Decision,
        _ signals: SignalHandling
    ) -> Bool {
        guard !json, Console.canAsk else { return false }
        show(comparing, of: pipeline)
        decision.noteShown()
        return Console.ask("Mend it?") { signals.stop.isRequested }
    }

    private func show(_ comparing: Comparing, of pipeline: Pipeline) {
        Console.result(comparing.text(pipeline.name))
        guard repair, !comparing.report.isEqual else { return }
        Console.result(comparing.report.plan.text(pipeline, comparing.report.extraUnknown))
    }

    private func mend(_ pipeline: Pipeline, _ store: StateStore, _ signals: SignalHandling) async throws -> RunReport {
        var options = RunOptions()
        options.sweeps = true
        options.maximumRemoved = removal.maxRemoved
        let report = try await pipeline.run(store, options, signals, isQuiet: quiet)
        pipeline.warn(of: report)
        return report
    }
}
