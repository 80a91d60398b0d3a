internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List runs and how they ended, the newest first."
    )

    @Argument(help: "Only runs of this pipeline.")
    var pipeline: String?

    @Option(name: [.customShort("n"), .long], help: "How many runs to list.")
    var limit = 20

    @OptionGroup var state: StateOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let runs = try await state.withStore(of: pipeline) { try await $0.runs(pipeline: pipeline, limit: limit) }
        guard !json else { return print(try JSONOutput.text(runs.map(RunRecordResult.init))) }
        guard !runs.isEmpty else { return print("no runs yet") }
        var table = Table([
            ("RUN", .right), ("PIPELINE", .left), ("STATE", .left), ("STARTED", .left), ("TOOK", .right),
            ("READ", .right), ("FILTERED", .right), ("UNCHANGED", .right), ("DELIVERED", .right), ("INVALID", .right),
            ("REJECTED", .right), ("REMOVED", .right),
        ])
        for run in runs {
            table.add([
                "\(run.id)", run.pipeline, run.state.rawValue, run.started.formatted(.iso8601),
                took(run),
                run.balance.read.grouped, run.balance.filtered.grouped, run.balance.unchanged.grouped,
                run.balance.delivered.grouped, run.balance.invalid.grouped, run.balance.rejected.grouped,
                run.balance.removed.grouped,
            ])
        }
        print(table.text)
        for run in runs {
            if let error = run.error { print("\nrun \(run.id): \(error)") }
        }
    }

    /// Of a run that was killed nobody knows: what is noted as its end is when another found it.
    private func took(_ run: RunRecord) -> String {
        guard run.state != .interrupted, let ended = run.ended else { return "" }
        return Duration.seconds(ended.timeIntervalSince(run.started)).phrase
    }
}

/// A run in JSON output.
struct RunRecordResult: Encodable {
    let run: Int
    let pipeline: String
    let state: String
    let started: Date
    let ended: Date?
    let balance: [String: Int]
    let removed: Int
    let remaining: Int
    let error: String?

    init(_ record: RunRecord) {
        run = record.id
        pipeline = record.pipeline
        state = record.state.rawValue
        started = record.started
        ended = record.ended
        balance = record.balance.counts
        removed = record.balance.removed
        remaining = record.balance.remaining
        error = record.error
    }
}
