import Foundation
import PostgresClient
import RollcallTestSupport
import Testing

@Suite struct InterruptionTests {
    /// Requests in flight in these tests, and rows in each.
    private static let inFlight = 4
    private static let rowsPerRequest = 1_000

    /// A run of 100,000 rows is killed as the operating system kills, at a moment that the seed chooses, and resumed.
    @Test(arguments: 0..<20) func aKilledRunGoesOnAndTheListIsWhole(seed: UInt64) async throws {
        try await KillBench.shared.use { bench in
            var random = SeededGenerator(seed: seed)
            let name = "kill-\(seed)"
            let file = try bench.pipeline(
                name,
                sink: ["requests_in_flight: \(Self.inFlight)"],
                replacing: ["consent AND status <> 'closed'": "true"]
            )
            let moment = Int.random(in: 1...95, using: &random)
            // Answers of different length, so that requests end out of order and several are under way; and the last ones wait, so
            // that the run is there to be killed.
            let last = #"{"kind":"slow","after":\#(moment + Self.inFlight),"milliseconds":60000}"#
            try await bench.setFaults(last + #",{"kind":"slow","rate":0.5,"milliseconds":15}"#, seed: Int(seed))
            let run = try bench.program.start(["run", "--quiet", file])
            while run.isRunning, try await bench.statistic("contact_posts") < moment {}
            run.send(SIGKILL)
            _ = try await run.output()
            let before = try await bench.statistic("contacts_created")
            try await bench.setFaults("")
            _ = try await bench.run(file)

            #expect(before < 100_000, "the run was not killed in time")
            #expect(try await bench.differences(onList: name, expecting: "true") == [])
            let repeated = try await bench.statistic("contacts_repeated")
            #expect(repeated <= Self.inFlight * Self.rowsPerRequest, "repeated \(repeated)")
            #expect(try await bench.statistic("contacts_updated") == 0)
            try await bench.forgetEverything()
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalSettlesWhatIsUnderWayAndNothingIsRepeated(_ signal: Int32) async throws {
        try await Workbench.with(leads: 20_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":30}"#)
            // Goes on for seconds: long enough for a signal that comes late.
            let file = try bench.pipeline(sink: ["rows_per_request: 50"])
            let run = try bench.program.start(["run", file])
            while run.isRunning, try await bench.statistic("contact_posts") < 10 {}
            run.send(signal)
            let stopped = try await run.output()
            #expect(stopped.status == 128 + signal)
            #expect(stopped.standardError.contains("being settled"), "\(stopped.standardError)")
            #expect(stopped.standardOutput.contains("stopped"))
            try await bench.setFaults("")
            let rest = try await bench.run(file)
            #expect(try #require(rest["read"]) < 20_000)
            #expect(try await bench.differences() == [])
            #expect(try await bench.statistic("contacts_repeated") == 0)
        }
    }

    @Test func aSecondSignalStopsAtOnce() async throws {
        try await Workbench.with(leads: 2_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":60000}"#)
            let file = try bench.pipeline()
            let run = try bench.program.start(["run", file])
            while run.isRunning, try await bench.requestsHeldUp() < 1 {}
            run.send(SIGINT)
            while run.isRunning, !run.errorsSoFar().contains("being settled") { await Task.yield() }
            run.send(SIGINT)
            let output = try await run.output()
            #expect(output.status == 130)
            #expect(output.standardError.contains("stopped at once"))
        }
    }

    @Test func aSecondProcessSaysWhoHoldsThePipelineAndDoesNothing() async throws {
        try await Workbench.with(leads: 2_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":60000}"#)
            let file = try bench.pipeline()
            let first = try bench.program.start(["run", file])
            while first.isRunning, try await bench.requestsHeldUp() < 1 {}
            let second = try await bench.program.run(["run", file])
            #expect(second.status == 75)
            #expect(second.standardOutput.isEmpty)
            let lines = second.standardError.split(separator: "\n")
            #expect(lines.count == 1, "\(second.standardError)")
            #expect(second.standardError.contains("since"), "\(second.standardError)")
            let reset = try await bench.program.run(["checkpoint", "reset", "crm-leads"])
            #expect(reset.status == 75)
            first.send(SIGKILL)
            _ = try await first.output()
            try await bench.setFaults("")
            _ = try await bench.run(file)
            #expect(try await bench.differences() == [])
        }
    }

    @Test func aConnectionToTheCRMThatBreaksFailsTheRunAndTheNextOneGoesOn() async throws {
        try await Workbench.with(leads: 20_000) { bench in
            try await bench.setFaults(#"{"kind":"slow","milliseconds":50}"#)
            let file = try bench.pipeline(sink: ["rows_per_request: 100"])
            let run = try bench.program.start(["run", file])
            while run.isRunning, try await bench.statistic("contact_posts") < 6 {}
            try await bench.crm.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'rollcall' AND datname = current_database() AND pid <> pg_backend_pid()
                  AND query LIKE 'COPY%'
                """
            )
            let failed = try await run.output()
            #expect(failed.status == 1, "\(failed.standardError)")
            #expect(failed.standardError.contains("source postgres: reading failed"), "\(failed.standardError)")
            try await bench.setFaults("")
            _ = try await bench.run(file)
            #expect(try await bench.differences() == [])
            #expect(try await bench.statistic("contacts_repeated") <= 400)
        }
    }
}

/// One CRM of 100,000 leads for all kills, one after the other.
private actor KillBench {
    static let shared = KillBench()

    private var last: Task<Void, any Error>?

    /// Runs `body` when those before it are through.
    func use(_ body: @escaping @Sendable (Workbench) async throws -> Void) async throws {
        let before = last
        let task = Task {
            _ = await before?.result
            try await Workbench.with(leads: 100_000, simulator: ["--rate-limit", "0"], body)
        }
        last = task
        try await task.value
    }
}
