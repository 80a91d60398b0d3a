internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract:
            "Find every mistake that can be found without a network; with --online those of source and list, too.",
        discussion: """
            Checks settings, environment variables, SQL expressions and columns as far as they are known. With --online it reads \
            the first 1,000 rows, takes them through the steps, compares the columns with those of the list, and says what is \
            doubtful: rows that would be refused, columns without a value, what a cursor cannot promise. Nothing is sent or \
            recorded. Exit 78 for mistakes in the file, 5 where source or list are not as the pipeline needs them.
            """
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Flag(help: "Read the first rows of the source and look at the list, too.")
    var online = false

    func run() async throws {
        for pipeline in try PipelineLoader.standard.loadAll(files) {
            if online {
                try await pipeline.inspect { notice in
                    guard notice.isWarning else { return print("\(pipeline.file): \(notice.message)") }
                    Console.warning(notice.message, of: pipeline.file)
                }
            }
            print(
                "\(pipeline.file): \(pipeline.name) is good\(online ? ": its source can be read, and its columns fit" : "")"
            )
        }
    }
}
