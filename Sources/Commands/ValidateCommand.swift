internal import ArgumentParser
internal import RollcallEngine

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Find every mistake that can be found without a network.",
        discussion:
            "Checks settings, environment variables, SQL expressions and columns as far as they are known. Exit 78 when it finds any."
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    func run() async throws {
        for pipeline in try PipelineLoader.standard.loadAll(files) {
            print("\(pipeline.file): \(pipeline.name) is good")
        }
    }
}
