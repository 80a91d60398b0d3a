internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Find every mistake that can be found without a network, or with --online those of the source, too.",
        discussion: """
            Checks settings, environment variables, SQL expressions and columns as far as they are known. With --online it opens \
            the source, checks the columns to the end, and says what a cursor cannot promise there; nothing is sent or recorded. \
            Exit 78 for mistakes in the file, 5 for those of the source.
            """
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Flag(help: "Open the source, too.")
    var online = false

    func run() async throws {
        for pipeline in try PipelineLoader.standard.loadAll(files) {
            if online {
                for reservation in try await Preview.read(pipeline, rows: 0).reservations {
                    Console.warning(reservation, of: pipeline.file)
                }
            }
            print("\(pipeline.file): \(pipeline.name) is good\(online ? ", and its source can be read" : "")")
        }
    }
}
