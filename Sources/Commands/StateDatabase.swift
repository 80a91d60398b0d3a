internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import PostgresClient
internal import RollcallCore

/// Where state is kept, as every command that needs it is told.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Postgres database for checkpoints and runs.",
            discussion: "Default: ROLLCALL_DATABASE_URL, else a private Postgres that Rollcall starts.",
            valueName: "url"
        )
    )
    var database: String?

    /// Opens the store for the time of `body`; a private Postgres is stopped behind the last who used it.
    func withStore<Result>(_ body: (StateStore) async throws -> Result) async throws -> Result {
        let configured = database ?? ProcessInfo.processInfo.environment["ROLLCALL_DATABASE_URL"] ?? ""
        guard configured.isEmpty else { return try await use(try configuration(configured), body) }
        let server = try await privateServer()
        return try await closing(
            with: { try await server.release() },
            after: { try await use(server.configuration, body) }
        )
    }

    /// As `withStore`, for one pipeline; says on standard error where none of that name is known, for it may be misspelt.
    func withStore<Result>(of pipeline: String?, _ body: (StateStore) async throws -> Result) async throws -> Result {
        try await withStore { store in
            if let pipeline, let doubt = try await store.doubt(about: pipeline) { Console.warning(doubt) }
            return try await body(store)
        }
    }

    private func use<Result>(
        _ configuration: PostgresConfiguration,
        _ body: (StateStore) async throws -> Result
    ) async throws -> Result {
        let store = try await StateStore.open(configuration)
        return try await closing(with: { await store.close() }, after: { try await body(store) })
    }

    private func configuration(_ url: String) throws -> PostgresConfiguration {
        do {
            return try PostgresConfiguration(url, applicationName: "rollcall state")
        } catch {
            throw RollcallError(
                .configuration,
                "the URL of the state database cannot be read: \(error)",
                hint: "set ROLLCALL_DATABASE_URL or --database to postgres://user:password@host:5432/database",
                cause: error
            )
        }
    }

    private func privateServer() async throws -> PrivatePostgres {
        do {
            return try await PrivatePostgres.acquire()
        } catch {
            throw RollcallError(
                .preflight,
                "the private Postgres for Rollcall's state could not be started: \(error)",
                hint: "or name a database of your own in ROLLCALL_DATABASE_URL",
                cause: error
            )
        }
    }
}

extension StateStore {
    /// Whether anything is known of a pipeline of this name.
    func knows(_ pipeline: String) async throws -> Bool {
        try await statuses().contains { $0.pipeline == pipeline }
    }

    /// What is doubtful about this name of a pipeline; nil where it is known.
    fileprivate func doubt(about pipeline: String) async throws -> String? {
        let known = try await statuses().map(\.pipeline)
        guard !known.contains(pipeline) else { return nil }
        let names = known.isEmpty ? "none is known" : "known are \(known.joined(separator: ", "))"
        return "no pipeline \"\(pipeline)\" has run with this state database; \(names)"
    }
}
