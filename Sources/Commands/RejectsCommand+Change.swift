internal import ArgumentParser
internal import PostgresCheckpoints
internal import RollcallCore

extension RejectsCommand {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the next run try rejects again, however often they were refused.",
            discussion: "Refused while the pipeline runs (exit 75)."
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Argument(help: "Keys, as `rejects list` has them; without any, all open rejects.")
        var keys: [String] = []

        @OptionGroup var state: StateOptions

        func run() async throws {
            let tried = try await state.withStore(of: pipeline) { store in
                try await store.retryRejects(pipeline: pipeline, keys: keys.isEmpty ? nil : keys)
            }
            print("the next run of \(pipeline) tries \(tried.count.counted("row")) again")
            try RejectsCommand.complain(of: keys, except: tried)
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close rejects: nobody is going to mend them.",
            discussion: """
                Forgets the rows that were kept, and tries them no more. A row that is read again and refused again is a new \
                reject. Refused while the pipeline runs (exit 75).
                """
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Argument(help: "Keys, as `rejects list` has them.")
        var keys: [String] = []

        @Flag(help: "All open rejects.")
        var all = false

        @OptionGroup var state: StateOptions

        func validate() throws {
            guard all != keys.isEmpty else { return }
            throw ValidationError(all ? "give keys or --all, not both" : "give the keys of rows, or --all")
        }

        func run() async throws {
            let dropped = try await state.withStore(of: pipeline) { store in
                try await store.dropRejects(pipeline: pipeline, keys: all ? nil : keys)
            }
            print("dropped \(dropped.count.counted("row")) of \(pipeline)")
            try RejectsCommand.complain(of: keys, except: dropped)
        }
    }

    /// - Throws: that the command has failed where a key is not one of an open reject.
    private static func complain(of keys: [String], except known: [String]) throws {
        let unknown = keys.filter { !known.contains($0) }
        for key in unknown { Console.line("\(Console.red("error:")) there is no open reject with the key \(key)") }
        if !unknown.isEmpty { throw ExitStatus.failed }
    }
}
