internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallEngine

struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "See or change where a pipeline goes on.",
        discussion: "Changes are refused while the pipeline runs (exit 75).",
        subcommands: [Show.self, Set.self, Reset.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the position where the next run goes on.")

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @OptionGroup var state: StateOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let checkpoint = try await state.withStore(of: pipeline) { try await $0.checkpoint(pipeline: pipeline) }
            if json {
                print(try JSONOutput.text(CheckpointResult(pipeline, checkpoint)))
            } else if let checkpoint {
                let origin = checkpoint.run.map { "run \($0)" } ?? "`checkpoint set`"
                print(
                    "\(CheckpointCommand.text(checkpoint.position))\nsaved \(checkpoint.saved.formatted(.iso8601)) by \(origin)"
                )
            } else {
                print("no checkpoint: the next run of \(pipeline) begins at the beginning")
            }
        }
    }

    /// Of several sources a line for each.
    fileprivate static func text(_ position: Position) -> String {
        guard let positions = SourcePositions(position) else { return position.json }
        if positions.bySource.isEmpty { return "each source is read from its beginning" }
        var table = Table([("", .left), ("", .left)])
        for (name, position) in positions.bySource.sorted(by: { $0.key < $1.key }) { table.add([name, position.json]) }
        return table.text
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the next run go on from a position.",
            discussion: """
                For a postgres source with a cursor: '{"from": "2026-01-31T08:00:00Z"}' reads rows whose cursor is that or later; \
                without a cursor '{"after": ["1042"]}' reads those behind that key. Files are read from their beginning in any case. \
                With --source it is the position of one of several sources.
                """
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Argument(help: "The position, as JSON.")
        var position: String

        @Option(help: "The name of one of several sources; the others stay where they are.")
        var source: String?

        @OptionGroup var state: StateOptions

        func run() async throws {
            // Before anything is made for it.
            guard (try? JSONSerialization.jsonObject(with: Data(position.utf8))) is [String: Any] else {
                throw RollcallError(
                    .configuration,
                    "the position for pipeline \(pipeline) is no JSON object",
                    hint: "give it as `checkpoint show` prints it"
                )
            }
            try await state.withStore { store in
                // A pipeline may be told where to begin before its first run.
                if let doubt = try await store.doubt(about: pipeline) {
                    Console.warning(doubt.problems.map(\.message).joined(separator: "; "))
                }
                var whole = Position(json: position)
                if let source {
                    var positions = try await store.sourcePositions(of: pipeline) ?? SourcePositions()
                    positions.bySource[source] = whole
                    whole = try positions.position ?? whole
                }
                try await store.setCheckpoint(pipeline: pipeline, whole)
            }
            print("the next run of \(pipeline) goes on from \(position)\(source.map { " in \($0)" } ?? "")")
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the next run begin at the beginning.",
            discussion:
                "Everything is read again, and what differs from the ledger is sent. With --forget the ledger is dropped and everything is sent again, which changes nothing on the list that is not changed in the CRM: contacts are upserted by id, and nobody is queued anew. But contacts whose rows have left are then no longer known, and stay; and those that Rollcall made uncallable stay so when their rows return."
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Flag(help: "Forget what was delivered, too: everything is sent again.")
        var forget = false

        @Option(help: "The name of one of several sources; the others stay where they are.")
        var source: String?

        @OptionGroup var state: StateOptions

        func validate() throws {
            guard forget, source != nil else { return }
            throw ValidationError("--forget is about the whole pipeline, and --source about a part of it")
        }

        func run() async throws {
            if let source { return try await reset(source) }
            try await state.withStore(of: pipeline) { store in
                try await store.resetCheckpoint(pipeline: pipeline, forgettingLedger: forget)
            }
            print("the next run of \(pipeline) begins at the beginning\(forget ? " and sends everything" : "")")
            if forget {
                Console.warning(
                    """
                    contacts whose rows have left, or leave before that run, are no longer known and can still be called; \
                    `rollcall reconcile FILE` shows them, and with --repair deals with them
                    """,
                    of: pipeline
                )
            }
        }
    }
}

extension CheckpointCommand.Reset {
    private func reset(_ source: String) async throws {
        let isKnown = try await state.withStore(of: pipeline) { store in
            guard var positions = try await store.sourcePositions(of: pipeline),
                positions.bySource.removeValue(forKey: source) != nil
            else { return false }
            if let rest = try positions.position {
                try await store.setCheckpoint(pipeline: pipeline, rest)
            } else {
                try await store.resetCheckpoint(pipeline: pipeline)
            }
            return true
        }
        print(
            isKnown
                ? "the next run of \(pipeline) reads \(source) from its beginning"
                : "there is nothing to reset: no position of \(source) is kept"
        )
    }
}

extension StateStore {
    /// Nil where there is no checkpoint.
    fileprivate func sourcePositions(of pipeline: String) async throws -> SourcePositions? {
        guard let position = try await checkpoint(pipeline: pipeline)?.position else { return nil }
        guard let positions = SourcePositions(position) else {
            throw RollcallError(
                .configuration,
                "the checkpoint of \(pipeline) is that of one source",
                hint: "leave out --source"
            )
        }
        return positions
    }
}

/// What `checkpoint show --json` prints.
private struct CheckpointResult: Encodable {
    let pipeline: String
    let position: String?
    /// Of several sources, by name.
    let sources: [String: String]?
    let run: Int?
    let saved: Date?

    init(_ pipeline: String, _ checkpoint: Checkpoint?) {
        self.pipeline = pipeline
        position = checkpoint?.position.json
        sources = checkpoint.flatMap { SourcePositions($0.position)?.bySource.mapValues(\.json) }
        run = checkpoint?.run
        saved = checkpoint?.saved
    }
}
