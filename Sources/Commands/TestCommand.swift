internal import ArgumentParser
internal import Foundation
internal import RollcallCore
internal import RollcallEngine

struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the cases that pipeline files keep under `tests`.",
        discussion: """
            Takes the rows of each case through the transforms and compares what comes out; no source and no sink is asked, so \
            environment variables that are not set do no harm. Exit 1 where a case fails, 78 for mistakes in the file and for a \
            file without cases. `rollcall describe pipeline` shows how cases are written.
            """
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() async throws {
        let loader = PipelineLoader(
            plugins: .known,
            environment: ProcessInfo.processInfo.environment,
            fillsIn: true
        )
        var results: [CaseResult] = []
        for pipeline in try loader.loadAll(files) {
            guard !pipeline.cases.isEmpty else {
                throw RollcallError(
                    .configuration,
                    "the pipeline has no `tests`",
                    hint: "`rollcall describe pipeline` shows how cases are written",
                    at: SourceLocation(file: pipeline.file, line: 1)
                )
            }
            for (one, differences) in try await pipeline.runCases() {
                let result = CaseResult(one, differences)
                if !json { result.show() }
                results.append(result)
            }
        }
        let failed = results.count { !$0.passed }
        if json {
            print(try JSONOutput.text(results))
        } else {
            print("\(results.count.counted("case")), \(failed == 0 ? "all pass" : "\(failed.grouped) failed")")
        }
        if failed > 0 { throw ExitStatus.failed }
    }
}

/// How a case of a pipeline file came out.
private struct CaseResult: Encodable {
    let file: String
    let line: Int
    let name: String
    let passed: Bool
    let differences: [String]

    init(_ one: PipelineCase, _ differences: [String]) {
        file = one.location.file
        line = one.location.line
        name = one.name
        passed = differences.isEmpty
        self.differences = differences
    }

    func show() {
        print("\(passed ? Console.green("passed") : Console.red("failed"))  \(file):\(line)  \(name)")
        for difference in differences { print("        \(difference)") }
    }
}
