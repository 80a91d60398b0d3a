import Foundation
import Synchronization

/// The `rollcall` program as a user runs it.
///
/// `ROLLCALL_PROGRAM` names it; without that it is the one that was built beside the tests.
struct Program {
    struct Output {
        let status: Int32
        let standardOutput: String
        let standardError: String

        /// The standard output as JSON.
        func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(standardOutput.utf8))
            return value as? [String: Any] ?? [:]
        }
    }

    /// A run that is under way.
    final class Running: Sendable {
        private let process: Process
        private let exit: Task<Int32, Never>
        private let files: (output: URL, error: URL)

        fileprivate init(_ process: Process, exit: Task<Int32, Never>, files: (output: URL, error: URL)) {
            self.process = process
            self.exit = exit
            self.files = files
        }

        var isRunning: Bool { process.isRunning }

        func send(_ signal: Int32) {
            kill(process.processIdentifier, signal)
        }

        func output() async throws -> Output {
            let status = await exit.value
            return Output(
                status: status,
                standardOutput: try String(contentsOf: files.output, encoding: .utf8),
                standardError: try String(contentsOf: files.error, encoding: .utf8)
            )
        }

        /// What was written to standard output so far.
        func outputSoFar() -> String {
            (try? String(contentsOf: files.output, encoding: .utf8)) ?? ""
        }

        /// What was written to standard error so far.
        func errorsSoFar() -> String {
            (try? String(contentsOf: files.error, encoding: .utf8)) ?? ""
        }
    }

    let folder: URL
    var environment: [String: String]

    static var path: String {
        if let path = ProcessInfo.processInfo.environment["ROLLCALL_PROGRAM"] { return path }
        return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "rollcall").path
    }

    /// A program that sees these variables, `PATH`, and a `HOME` of its own, and no other.
    init(environment: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let own = ProcessInfo.processInfo.environment
        // A program that was built with a sanitizer goes by the same options as the tests.
        let sanitizers = own.filter { ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key) }
        self.environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path]
            .merging(sanitizers) { $1 }.merging(environment) { $1 }
    }

    /// Starts the program with standard input closed, as a scheduler would, or with a file of its folder there.
    func start(_ arguments: [String], input: String? = nil) throws -> Running {
        let name = UUID().uuidString
        let files = (output: folder.appending(path: "\(name).out"), error: folder.appending(path: "\(name).err"))
        for file in [files.output, files.error] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: folder.appending(path: $0)) } ?? FileHandle.nullDevice
        let handles = try (output: FileHandle(forWritingTo: files.output), error: FileHandle(forWritingTo: files.error))
        process.standardOutput = handles.output
        process.standardError = handles.error
        let (statuses, status) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            // As a shell has it: 128 and the signal.
            let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
            status.yield(base + process.terminationStatus)
            status.finish()
        }
        try process.run()
        // The program has its own copies. A `Process` keeps what it was given longer than it is needed.
        try handles.output.close()
        try handles.error.close()
        let exit = Task {
            for await status in statuses { return status }
            return Int32(-1)
        }
        return Running(process, exit: exit, files: files)
    }

    func run(_ arguments: [String], input: String? = nil) async throws -> Output {
        try await start(arguments, input: input).output()
    }

    /// Writes a file into the program's folder and returns its name.
    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return name
    }
}
