internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore

struct RejectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "Rows that did not reach the list, and why.",
        subcommands: [List.self, Show.self, Export.self, Retry.self, Drop.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List them with the key of the row, the code and the reason.",
            discussion: """
                `invalid` rows were refused by Rollcall, `rejected` ones by Genesys Cloud. The next runs try them again, as they are in \
                the source then, up to `max_attempts` times. After that they are given up until they change, or until \
                `rollcall rejects retry`.
                """
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Option(help: "Only rows of this run.")
        var run: Int?

        @Flag(help: "Also those that are closed: delivered since, gone from the source, or dropped.")
        var all = false

        @Option(name: [.customShort("n"), .long], help: "How many rows to list.")
        var limit = 100

        @OptionGroup var state: StateOptions

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
        }

        func run() async throws {
            // One more than is shown, to know whether there are more.
            let found = try await state.withStore(of: pipeline) { store in
                try await store.rejects(pipeline: pipeline, run: run, closed: all, limit: limit + 1)
            }
            let rejects = found.prefix(limit)
            if found.count > limit {
                Console.line("these are \(limit) rejects, those of the last run first; `--limit` shows more")
            }
            guard !json else { return print(try JSONOutput.text(rejects.map { RejectResult($0) })) }
            guard !rejects.isEmpty else { return print("no rejects") }
            let closed: [(String, Table.Alignment)] = all ? [("CLOSED", .left)] : []
            var table = Table(
                [("KEY", .left), ("STAGE", .left), ("CODE", .left), ("RUN", .right), ("ATTEMPTS", .right)] + closed
                    + [("REASON", .left)]
            )
            for record in rejects {
                table.add(
                    [
                        record.reject.key.onOneLine, record.reject.stage.rawValue, record.reject.code, "\(record.run)",
                        record.isGivenUp ? "\(record.attempts), given up" : "\(record.attempts)",
                    ] + (all ? [record.closed?.rawValue ?? ""] : []) + [record.reject.reason]
                )
            }
            print(table.text)
            let givenUp = rejects.count { $0.isGivenUp }
            guard givenUp > 0 else { return }
            Console.line(
                """
                given up: \(givenUp.counted("row")) refused as often as `max_attempts` allows, and tried again only once changed, or by \
                `rollcall rejects retry \(pipeline)`
                """
            )
        }
    }
}

/// A row in `rejects list --json`.
struct RejectResult: Encodable {
    let key: String
    let stage: String
    let code: String
    let reason: String
    let run: Int
    let attempts: Int
    /// Refused as often as `max_attempts` allows.
    let givenUp: Bool
    let first: Date
    let last: Date
    /// Why it is no reject any more; nil while it is one.
    let closed: String?

    init(_ record: RejectRecord) {
        key = record.reject.key
        stage = record.reject.stage.rawValue
        code = record.reject.code
        reason = record.reject.reason
        run = record.run
        attempts = record.attempts
        givenUp = record.isGivenUp
        first = record.first
        last = record.last
        closed = record.closed?.rawValue
    }
}
