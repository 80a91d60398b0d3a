internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import PostgresClient
internal import RollcallCore

/// Where state is kept, as every command that needs it is told.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Postgres database for the state: checkpoints, ledger, runs, rejects.",
            discussion: """
                Default: ROLLCALL_DATABASE_URL, else a private Postgres that Rollcall starts under $XDG_STATE_HOME/rollcall, for \
                root under /var/lib/rollcall whatever XDG_STATE_HOME says. `rollcall status` shows which.
                """,
            valueName: "url"
        )
    )
    var database: String?

    /// Opens the store for the time of `body`; a private Postgres is stopped behind the last who used it.
    func withStore<Result>(_ body: (StateStore) async throws -> Result) async throws -> Result {
        try await withPlacedStore { store, _ in try await body(store) }
    }

    /// As `withStore`; `body` is also told where the state is, in words without a password.
    func withPlacedStore<Result>(_ body: (StateStore, String) async throws -> Result) async throws -> Result {
        let environment = ProcessInfo.processInfo.environment
        let configured = database ?? environment["ROLLCALL_DATABASE_URL"] ?? ""
        guard configured.isEmpty else {
            let configuration = try configuration(configured)
            return try await use(configuration) { try await body($0, "the database \(configuration)") }
        }
        let server = try await privateServer()
        // The folder of root's server does not depend on the environment, which somebody may expect.
        let isIgnored = geteuid() == 0 && !environment["XDG_STATE_HOME", default: ""].isEmpty
        let remark = isIgnored ? "; for root, XDG_STATE_HOME does not count" : ""
        return try await closing(
            with: { try await server.release() },
            after: {
                try await use(server.configuration) {
                    try await body($0, "the private Postgres in \(server.folder)\(remark)")
                }
            }
        )
    }

    /// As `withStore`, for a pipeline that has run.
    ///
    /// - Throws: that it is not known, for it may be misspelt.
    func withStore<Result>(of pipeline: String?, _ body: (StateStore) async throws -> Result) async throws -> Result {
        try await withStore { store in
            if let pipeline, let doubt = try await store.doubt(about: pipeline) { throw doubt }
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
    /// That no pipeline of this name has run here; nil where one has.
    func doubt(about pipeline: String) async throws -> RollcallError? {
        let known = try await statuses().map(\.pipeline)
        guard !known.contains(pipeline) else { return nil }
        let names = known.isEmpty ? "none has run yet" : "known are \(known.joined(separator: ", "))"
        return RollcallError(
            .fatal,
            "no pipeline \"\(pipeline)\" has run with this state database; \(names)",
            hint: suggestion(for: pipeline, among: known)
        )
    }
}
