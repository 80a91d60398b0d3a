internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show each pipeline: its last run, its checkpoint, and who runs it now.",
        discussion: "Says on standard error where the state is kept."
    )

    @OptionGroup var state: StateOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let statuses = try await state.withPlacedStore { store, place in
            Console.line("state is kept in \(place)")
            return try await store.statuses()
        }
        guard !json else { return print(try JSONOutput.text(statuses.map(StatusResult.init))) }
        guard !statuses.isEmpty else { return print("no pipeline has run yet; begin with `rollcall run FILE`") }
        var table = Table([
            ("PIPELINE", .left), ("STATE", .left), ("LAST RUN", .left), ("READ", .right), ("DELIVERED", .right),
            ("REJECTS", .right), ("CHECKPOINT", .left),
        ])
        for status in statuses {
            table.add([
                status.pipeline,
                status.holder.map { "running: \($0)" } ?? status.lastRun?.state.rawValue ?? "never ran",
                status.lastRun?.started.formatted(.iso8601) ?? "",
                status.lastRun?.balance.read.grouped ?? "",
                status.lastRun?.balance.delivered.grouped ?? "",
                status.rejects.grouped,
                status.checkpoint?.saved.formatted(.iso8601) ?? "none",
            ])
        }
        print(table.text)
    }
}

/// A pipeline in `status --json`.
private struct StatusResult: Encodable {
    let pipeline: String
    let lastRun: RunRecordResult?
    let checkpoint: String?
    let heldBy: String?
    let heldSince: Date?
    let openRejects: Int

    init(_ status: PipelineStatus) {
        pipeline = status.pipeline
        lastRun = status.lastRun.map(RunRecordResult.init)
        checkpoint = status.checkpoint?.position.json
        heldBy = status.holder?.name
        heldSince = status.holder?.since
        openRejects = status.rejects
    }
}
