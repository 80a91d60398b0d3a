import Foundation
import PostgresClient
import Testing

/// Servers that crash, are restarted, and have no room left: the real thing, on servers of the tests' own.
///
/// One server at a time, since each is made for its test.
@Suite(.serialized) struct ServerFaultTests {
    /// Small and slow requests, so that a run of 20,000 leads has a middle.
    private static let rowsPerRequest = 100
    private static let slow = #"{"kind":"slow","milliseconds":100}"#
    /// Four requests may be under way.
    private static let contactsInFlight = 4 * rowsPerRequest

    @Test(arguments: OwnServer.Restart.allCases)
    func aRestartOfTheStateDatabaseFailsTheRunAndTheNextOneIsRight(_ restart: OwnServer.Restart) async throws {
        try await OwnServer.with { server in
            try await Workbench.with(leads: 20_000, state: server.configuration) { bench in
                let failed = try await Self.run(bench) { try await server.restart(restart) }
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("the state database"), "\(failed.standardError)")
                #expect(failed.standardError.contains("was lost"), "\(failed.standardError)")
                #expect(failed.standardError.contains("hint:"), "\(failed.standardError)")
                try await Self.expectTheNextRunToBeRight(bench)
            }
        }
    }

    @Test(arguments: OwnServer.Restart.allCases)
    func aRestartOfTheCRMFailsTheRunAndTheNextOneIsRight(_ restart: OwnServer.Restart) async throws {
        try await OwnServer.with { server in
            try await Workbench.with(leads: 20_000, crm: server.configuration) { bench in
                let failed = try await Self.run(bench) { try await server.restart(restart) }
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("source postgres: reading failed"), "\(failed.standardError)")
                #expect(failed.standardError.contains("hint:"), "\(failed.standardError)")
                // What was under way could still be recorded.
                try await Self.expectTheNextRunToBeRight(bench, repeatedAtMost: 0)
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a file system needs root"), arguments: [true, false])
    func aFullDiskOfTheStateDatabaseIsToldAndNothingIsLost(_ isFullBeforehand: Bool) async throws {
        try await OwnServer.with(.tablespace) { server in
            let database = try await server.databaseOnSmallDisk()
            try await Workbench.with(leads: 20_000, state: database) { bench in
                // Makes the tables.
                _ = try await bench.program.run(["status"])
                if isFullBeforehand { try await server.fillDisk() }
                let failed = try await Self.run(bench) {
                    if !isFullBeforehand { try await server.fillDisk() }
                }
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("the state database"), "\(failed.standardError)")
                #expect(failed.standardError.contains("No space left on device"), "\(failed.standardError)")
                try await server.makeRoom()
                try await Self.expectTheNextRunToBeRight(bench)
            }
        }
    }

    /// Where Postgres has no room for its log it ends itself, and cannot recover as long as there is none.
    @Test(.enabled(if: geteuid() == 0, "mounting a file system needs root"))
    func aStateDatabaseThatAFullDiskTakesDownIsToldAndTheNextRunIsRight() async throws {
        try await OwnServer.with(.dataFolder) { server in
            try await Workbench.with(leads: 20_000, state: server.configuration) { bench in
                let failed = try await Self.run(bench) {
                    try await server.fillDisk()
                    let end = await #expect(throws: PostgresError.self) {
                        // The transaction's end is to be written into a new segment of the log.
                        try await bench.state.execute(script: "SELECT pg_switch_wal(), pg_current_xact_id()")
                    }
                    #expect(end?.isConnectionGone == true)
                }
                #expect(failed.status == 1)
                #expect(failed.standardError.contains("the state database"), "\(failed.standardError)")
                #expect(failed.standardError.contains("hint:"), "\(failed.standardError)")
                try await server.makeRoom()
                try await server.restart(.immediate)
                try await Self.expectTheNextRunToBeRight(bench)
            }
        }
    }

    /// After a crash libpq takes the connection for open, and only the error it makes up tells.
    @Test(arguments: OwnServer.Restart.allCases)
    func anIdleConnectionThatARestartHasEndedIsToldToBeGone(_ restart: OwnServer.Restart) async throws {
        try await OwnServer.with { server in
            let connection = try await PostgresConnection.connect(server.configuration)
            try await server.restart(restart)
            let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
            #expect(error?.isConnectionGone == true, "\(error as Any)")
            await connection.close()
        }
    }

    /// A run to whose middle something happens.
    private static func run(
        _ bench: Workbench,
        meanwhile happens: () async throws -> Void
    ) async throws -> Program.Output {
        try await bench.setFaults(slow)
        let file = try bench.pipeline(sink: ["rows_per_request: \(rowsPerRequest)"])
        let run = try bench.program.start(["run", file])
        while run.isRunning, try await bench.statistic("contact_posts") < 10 {}
        try await happens()
        return try await run.output()
    }

    private static func expectTheNextRunToBeRight(
        _ bench: Workbench,
        repeatedAtMost most: Int = contactsInFlight
    ) async throws {
        try await bench.setFaults("")
        _ = try await bench.run("crm-leads.yaml")
        #expect(try await bench.differences() == [])
        let repeated = try await bench.statistic("contacts_repeated")
        #expect(repeated <= most, "repeated \(repeated)")
    }
}
