import Foundation
import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@Suite struct StateStoreTests {
    // MARK: - Checkpoints

    @Test func anUnknownPipelineHasNoCheckpoint() async throws {
        let state = try await TestState()
        #expect(try await state.store.checkpoint(pipeline: "crm-leads") == nil)
        #expect(try await state.store.statuses().isEmpty)
    }

    @Test func aCheckpointSetByHandIsWhereTheNextRunStarts() async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "1"))
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: #"{"id": 7}"#))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.run == nil)
        let session = try await state.store.begin(pipeline: "crm-leads")
        #expect(session.position?.json == #"{"id": 7}"#)
    }

    @Test func aResetCheckpointLetsTheNextRunBeginAnew() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(delivered(1, upTo: "1"))
        try await session.finish(.stopped)
        try await state.store.resetCheckpoint(pipeline: "crm-leads")
        #expect(try await state.store.checkpoint(pipeline: "crm-leads") == nil)
        #expect(try await state.store.begin(pipeline: "crm-leads").position == nil)
    }

    @Test(arguments: ["", "{", "7 8", "nil", "\"\0\""]) func aCheckpointMustBeJSON(text: String) async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "1"))
        let message = try await failure(.configuration) {
            try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: text))
        }
        #expect(message.hasPrefix("the position for pipeline crm-leads is no JSON"))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "1")
    }

    @Test func aCheckpointStaysAsItIsWhileARunHasThePipeline() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(delivered(1, upTo: "1"))
        let message = try await failure(.busy) { try await state.store.resetCheckpoint(pipeline: "crm-leads") }
        #expect(message.contains("(run \(session.run))"))
        _ = try await failure(.busy) {
            try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "9"))
        }
        try await session.record(delivered(1))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "1")

        try await state.killHolder(of: "crm-leads")
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "9"))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "9")
    }

    @Test func aSuspendedRunCannotOverwriteACheckpointSetByHand() async throws {
        let state = try await TestState()
        let suspended = try await state.store.begin(pipeline: "crm-leads")
        try await state.suspendHolder(of: "crm-leads")
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "9"))
        let message = try await failure(.fatal) { try await suspended.record(delivered(1, upTo: "1")) }
        #expect(message.contains("was taken over"))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "9")
    }

    // MARK: - Looking

    @Test func runsAreListedNewestFirst() async throws {
        let state = try await TestState()
        var runs: [Int] = []
        for pipeline in ["crm-leads", "crm-accounts", "crm-leads"] {
            let session = try await state.store.begin(pipeline: pipeline)
            try await session.finish(.stopped)
            runs.append(session.run)
        }
        #expect(try await state.store.runs(limit: 10).map(\.id) == runs.reversed())
        #expect(try await state.store.runs(limit: 1).map(\.id) == [runs[2]])
        #expect(try await state.store.runs(pipeline: "crm-leads", limit: 10).map(\.id) == [runs[2], runs[0]])
        #expect(try await state.store.runs(pipeline: "other", limit: 10).isEmpty)
        let started = try #require(try await state.store.runs(limit: 1).first).started
        #expect(abs(started.timeIntervalSinceNow) < 3_600)
    }

    @Test func theStatusTellsHowEachPipelineStands() async throws {
        let state = try await TestState()
        let done = try await state.store.begin(pipeline: "crm-accounts")
        try await done.finish(.done(next: nil))
        let running = try await state.store.begin(pipeline: "crm-leads")
        let reject = Reject(.rejected, key: ["7"], code: "invalid_value", reason: "`phone` is not valid")
        try await running.record(rejected(reject, upTo: "7"))
        try await state.store.setCheckpoint(pipeline: "new", Position(json: "0"))

        let statuses = try await state.store.statuses()
        #expect(statuses.map(\.pipeline) == ["crm-accounts", "crm-leads", "new"])
        #expect(statuses.map(\.lastRun?.id) == [done.run, running.run, nil])
        #expect(statuses.map(\.lastRun?.state) == [.done, .running, nil])
        #expect(statuses.map(\.checkpoint?.position.json) == [nil, "7", "0"])
        #expect(statuses.map(\.holder?.run) == [nil, running.run, nil])
        #expect(statuses.map(\.rejects) == [0, 1, 0])
        let holder = try #require(statuses[1].holder)
        #expect(holder.name.hasPrefix("PID \(ProcessInfo.processInfo.processIdentifier) on host "))
        #expect((55...65).contains(holder.expires.timeIntervalSince(holder.since)))
    }

    @Test func aDeadProcessHoldsNothing() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await state.killHolder(of: "crm-leads")
        let status = try #require(try await state.store.statuses().first)
        #expect(status.holder == nil)
        #expect(status.lastRun?.id == session.run)
        #expect(status.lastRun?.state == .interrupted)
    }

    // MARK: - The connection

    @Test func theStoreSurvivesTheLossOfItsConnection() async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "1"))
        try await state.killAllConnections()
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "1")
        try await state.killAllConnections()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "2"))
        try await state.killAllConnections()
        #expect(try await state.store.begin(pipeline: "crm-leads").position?.json == "2")
    }

    @Test func aClosedStoreRefusesEverythingWhileItsRunsGoOn() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        await state.store.close()
        _ = try await failure(.fatal) { try await state.store.begin(pipeline: "crm-accounts") }
        _ = try await failure(.fatal) { try await state.store.statuses() }
        try await session.record(delivered(1, upTo: "1"))
        try await session.finish(.stopped)
    }

    @Test func aDatabaseOutOfReachIsNamedWithTheWayOut() async throws {
        let database = try await TestPostgres.database().with(["dbname": "no_such_database", "password": "s3cret"])
        let message = try await failure(.preflight) { try await StateStore.open(database) }
        #expect(message.hasPrefix("the state database ("))
        #expect(message.contains("dbname=no_such_database"))
        #expect(message.contains("cannot be reached"))
        #expect(message.contains("ROLLCALL_DATABASE_URL"))
        #expect(!message.contains("s3cret"))
    }

    @Test func aDatabaseThatDefaultsToSerializableStillRefusesALateRecord() async throws {
        let state = try await TestState()
        let strict = state.configuration.with(["options": "-c default_transaction_isolation=serializable"])
        let session = try await StateStore.open(strict).begin(pipeline: "crm-leads")
        try await state.inspector.begin(.readWrite)
        try await state.inspector.query("UPDATE rollcall.lease SET token = token + 1")
        let late = Task { try await session.record(delivered(1, upTo: "1")) }
        _ = try await state.blockedProcess()
        try await state.inspector.commit()
        #expect(try await failure(.fatal) { try await late.value }.contains("was taken over"))
    }
}
