internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallEngine

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Bring the contact list up to date, from the checkpoint on.",
        discussion: """
            Safe under cron and systemd timers: never asks, and does nothing (exit 75) while another process runs the same \
            pipeline. SIGINT and SIGTERM settle what is under way and keep the checkpoint; a second one stops at once.
            """
    )

    @Argument(help: "Pipeline files, run one after the other.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @OptionGroup var state: StateOptions

    @Flag(help: "Read the whole source, whether a sweep is due or not; only what differs is sent.")
    var sweep = false

    @OptionGroup var removal: RemovalOptions

    @Flag(help: "For this run, allow that a source is empty that had rows in the last one.")
    var allowEmpty = false

    @Flag(help: "Print the result as JSON: an object for each file, one behind the other.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show no progress, only warnings, errors and the result.")
    var quiet = false

    func validate() throws {
        guard files.count == 1 || removal.maxRemoved == nil && !allowEmpty else {
            let option = allowEmpty ? "--allow-empty" : "--max-removed"
            throw ValidationError("\(option) is for one pipeline at a time, as it takes its guard away")
        }
    }

    func run() async throws {
        let pipelines = try load()
        let signals = SignalHandling()
        try await state.withStore { store in
            var worst: ExitStatus?
            for pipeline in pipelines {
                if signals.stop.isRequested { break }
                let status = await run(pipeline, store, signals)
                // A pipeline that another process holds must not hide one that failed.
                if let status, worst == nil || worst == .tryAgainLater { worst = status }
            }
            if let worst, worst != .tryAgainLater { throw worst }
            if let signal = signals.signal { throw ExitStatus.stopped(by: signal) }
            if let worst { throw worst }
        }
    }

    /// All files are read before anything runs.
    private func load() throws -> [Pipeline] {
        do {
            return try PipelineLoader.standard.loadAll(files)
        } catch let error as RollcallError where files.count > 1 {
            let none = Problem("none of the \(files.count) pipelines was run, as all files are read before that")
            throw RollcallError(error.disposition, problems: error.problems + [none])
        }
    }

    /// Runs one pipeline and shows how it ended; the others go on all the same.
    private func run(_ pipeline: Pipeline, _ store: StateStore, _ signals: SignalHandling) async -> ExitStatus? {
        do {
            var options = RunOptions()
            options.sweeps = sweep
            options.maximumRemoved = removal.maxRemoved
            options.allowsEmptySources = allowEmpty
            let report = try await pipeline.run(store, options, signals, isQuiet: quiet)
            let text = try json ? JSONOutput.text(RunResult(pipeline.name, report)) : report.text(pipeline.name)
            if pipeline.sink.plugin.usesStandardOutput { Console.line(text) } else { print(text) }
            pipeline.warn(of: report)
            return nil
        } catch let error as RollcallError {
            Console.error(files.count > 1 ? error.attributed(to: pipeline.name, at: nil) : error)
            return show(error.problems.map(\.message), ExitStatus(error.disposition), of: pipeline)
        } catch {
            Console.line("\(Console.red("error:")) \(pipeline.name): \(error)")
            return show(["\(error)"], .failed, of: pipeline)
        }
    }

    /// A program that reads the result is told of a run that failed, too.
    private func show(_ errors: [String], _ status: ExitStatus, of pipeline: Pipeline) -> ExitStatus {
        guard json else { return status }
        let result = FailedRunResult(pipeline: pipeline.name, errors: errors, exitCode: status.rawValue)
        // Strings and a number can always be written.
        if let text = try? JSONOutput.text(result) { print(text) }
        return status
    }
}

extension PipelineLoader {
    /// - Throws: a configuration error with the faults of all files.
    func loadAll(_ files: [String]) throws -> [Pipeline] {
        var problems: [Problem] = []
        var pipelines: [Pipeline] = []
        for file in files {
            do {
                pipelines.append(try load(file))
            } catch let error as RollcallError {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        return pipelines
    }
}

extension RunReport {
    /// Rows that did not reach the list are no failure of the run, but somebody must hear of them, also from cron.
    func warnings(_ pipeline: Pipeline) -> [String] {
        var warnings: [String] = []
        let refused = balance.invalid + balance.rejected
        if refused > 0 {
            warnings.append(
                """
                \(refused.counted("row")) did not reach the list; `rollcall rejects list \(pipeline.name)` shows which and why
                """
            )
        }
        if openRejects > refused {
            warnings.append(
                """
                \((openRejects - refused).counted("row")) that earlier runs could not deliver are still not on the list as they \
                are in the source; see `rollcall rejects list \(pipeline.name)`
                """
            )
        }
        if heldBack > 0 {
            warnings.append(
                """
                \(heldBack.counted("row")) (among the duplicates) were not sent, as a row that may be of the same person, and say \
                otherwise, could not be read; mend what cannot be read
                """
            )
        }
        let duplicates = balance.duplicate - heldBack
        if duplicates > 0 {
            warnings.append(
                "\(duplicates.counted("row")) had the key of a later row, which counts; make the key unique, or choose with a `dedupe` step"
            )
        }
        if balance.remaining > 0 {
            let reason =
                pipeline.removal == nil
                ? "`on_missing` is `keep`" : "Genesys did not let them go, as it does while a campaign uses them"
            warnings.append(
                "\(balance.remaining.counted("contact")) whose row has left can still be called: \(reason)"
            )
        }
        return warnings
    }

    func text(_ pipeline: String) -> String {
        let state = wasStopped ? Console.yellow("stopped") : Console.green("done")
        let rate = duration.seconds > 0 ? Int(Double(balance.read) / duration.seconds) : 0
        var table = Table([("", .left), ("", .left), ("", .right)])
        for (name, count) in balance.outcomes { table.add(["", name, count.grouped]) }
        if balance.removed > 0 { table.add(["", "removed", balance.removed.grouped]) }
        let remarks = nulled.map { nulled in
            "\n  \(nulled.count.counted("value")) of \"\(nulled.column)\" not valid and now NULL (\(nulled.step))"
        }
        return "\(pipeline): \(state) in \(duration.phrase), \(rate.grouped) rows/s (run \(run))\n\(table.text)"
            + remarks.joined()
    }
}

extension Balance {
    /// The outcomes and their counts, in the order in which they are shown.
    var outcomes: [(name: String, count: Int)] {
        [
            ("read", read), ("filtered", filtered), ("invalid", invalid), ("duplicate", duplicate),
            ("unchanged", unchanged), ("delivered", delivered), ("rejected", rejected),
        ]
    }

    /// For JSON.
    var counts: [String: Int] { Dictionary(uniqueKeysWithValues: outcomes.map { ($0.name, $0.count) }) }
}

/// What `run --json` prints for a pipeline whose run did not end well; what became of its rows is in `rollcall runs`.
private struct FailedRunResult: Encodable {
    let pipeline: String
    let state = "failed"
    let errors: [String]
    let exitCode: Int32
}

/// What `run --json` prints for each pipeline.
struct RunResult: Encodable {
    let pipeline: String
    let run: Int
    let state: String
    let seconds: Double
    let firstDeliverySeconds: Double?
    let balance: [String: Int]
    /// Contacts whose rows have left: taken from the list or made uncallable, and those that can still be called.
    let removed: Int
    let remaining: Int
    let openRejects: Int
    /// Of the duplicates those that were not sent because of a row that could not be read.
    let heldBack: Int
    /// Values that became NULL because they were not valid; empty where there are none.
    let nulled: [Nulled]

    struct Nulled: Encodable {
        let step: String
        let column: String
        let values: Int
    }

    init(_ pipeline: String, _ report: RunReport) {
        self.pipeline = pipeline
        run = report.run
        state = report.wasStopped ? "stopped" : "done"
        seconds = report.duration.milliseconds / 1000
        firstDeliverySeconds = report.firstDelivery.map { $0.milliseconds / 1000 }
        balance = report.balance.counts
        removed = report.balance.removed
        remaining = report.balance.remaining
        openRejects = report.openRejects
        heldBack = report.heldBack
        nulled = report.nulled.map { Nulled(step: $0.step, column: $0.column, values: $0.count) }
    }
}
