public import ArgumentParser
internal import CMalloc
internal import Foundation
internal import RollcallCore
public import RollcallEngine

/// The `rollcall` program.
public struct RollcallCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Keeps Genesys Cloud outbound contact lists true to a CRM.",
        discussion: """
            A pipeline file names a source, transforms and a contact list. `rollcall run` brings the list up to date and goes on \
            from its checkpoint after an interruption.

            First steps:
              rollcall init pipelines/leads.yaml       write an example, --source csv too
              rollcall validate pipelines/leads.yaml   find mistakes, touch no network
              rollcall test pipelines/leads.yaml       run the cases that the file keeps
              rollcall preview pipelines/leads.yaml    see what would be delivered
              rollcall run pipelines/leads.yaml        deliver

            State is kept in the Postgres database of --database or ROLLCALL_DATABASE_URL; without either, in a private one that \
            Rollcall starts by itself.

            Exit codes: 0 done, 1 failed, 2 usage, 3 more rejects than allowed, 4 stopped by a guard, 5 permission or preflight, 6 reconciliation found differences, 75 held by another process (try again later), \
            78 configuration, 130/143 stopped by a signal after a clean checkpoint.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ValidateCommand.self, TestCommand.self, PreviewCommand.self, RunCommand.self,
            StatusCommand.self,
            RunsCommand.self, CheckpointCommand.self, RejectsCommand.self, ReconcileCommand.self, EraseCommand.self,
            DescribeCommand.self, SchemaCommand.self, SimulatorCommand.self,
        ]
    )

    public init() {}

    /// Runs the program with the arguments of the process and ends it with one of the documented exit codes.
    ///
    /// A program with plug-ins of its own is this call with them.
    ///
    /// - Parameter own: Plug-ins that pipeline files can name besides those that come with Rollcall.
    public static func runAndExit(adding own: Plugins = Plugins()) async -> Never {
        keepFreedMemory()
        do {
            try await Plugins.$known.withValue(.known.adding(own)) { try await runOnce() }
            Foundation.exit(ExitStatus.done.rawValue)
        } catch {
            Foundation.exit(report(error).rawValue)
        }
    }

    private static func runOnce() async throws {
        var command = try parseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Lets the allocator keep what is freed, and threads share it.
    ///
    /// Batches and requests of some hundred kilobytes come and go all the time, and each page that the system gets back it must
    /// clear again, which takes a fifteenth of a run.
    private static func keepFreedMemory() {
        if unsafe getenv("MALLOC_ARENA_MAX") == nil {
            mallopt(M_ARENA_MAX, Int32(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 256 << 20)
    }

    /// Says what went wrong, if it was not said, and chooses the exit code.
    private static func report(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        if let error = error as? RollcallError {
            Console.error(error)
            return ExitStatus(error.disposition)
        }
        let message = fullMessage(for: error)
        guard exitCode(for: error) != .success else {
            print(message)
            return .done
        }
        Console.line(message)
        return exitCode(for: error) == .validationFailure ? .usage : .failed
    }
}

/// How the program ends; an interface that scripts and schedulers rely on.
///
/// Thrown by a command that has said why.
struct ExitStatus: Error, RawRepresentable, Hashable {
    let rawValue: Int32

    static let done = ExitStatus(rawValue: 0)
    static let failed = ExitStatus(rawValue: 1)
    static let usage = ExitStatus(rawValue: 2)
    /// More rows were refused than the pipeline allows.
    static let tooManyRejects = ExitStatus(rawValue: 3)
    /// A guard stopped the run before it removed anything.
    static let guarded = ExitStatus(rawValue: 4)
    /// A permission is missing, or the other side is not as the pipeline needs it.
    static let preflight = ExitStatus(rawValue: 5)
    /// The list is not as the CRM is.
    static let different = ExitStatus(rawValue: 6)
    /// EX_TEMPFAIL of sysexits.h.
    static let tryAgainLater = ExitStatus(rawValue: 75)
    /// EX_CONFIG of sysexits.h.
    static let configuration = ExitStatus(rawValue: 78)

    /// Stopped by a signal, after a clean checkpoint.
    static func stopped(by signal: Int32) -> ExitStatus {
        ExitStatus(rawValue: 128 + signal)
    }

    init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    init(_ disposition: RollcallError.Disposition) {
        switch disposition {
        case .configuration: self = .configuration
        case .preflight: self = .preflight
        case .busy: self = .tryAgainLater
        case .guarded: self = .guarded
        case .tooManyRejects: self = .tooManyRejects
        case .fatal: self = .failed
        }
    }
}

extension PipelineLoader {
    /// With the plug-ins of the program and the environment of the process.
    static var standard: PipelineLoader {
        PipelineLoader(plugins: .known, environment: ProcessInfo.processInfo.environment)
    }
}
