import PostgresClient
import RollcallCore
import Testing

@testable import PostgresCheckpoints

@Suite struct LeaseTests {
    @Test func aPipelineInUseIsBusyAndItsHolderIsNamed() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let message = try await failure(.busy) { try await state.store.begin(pipeline: "crm-leads") }
        #expect(message.hasPrefix("pipeline crm-leads is held by PID "))
        #expect(message.contains(" on host "))
        #expect(message.contains(" since 20"))
        #expect(message.contains("(run \(session.run))"))
    }

    @Test func anAttemptThatWasRefusedLeavesNoTrace() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        _ = try await failure(.busy) { try await state.store.begin(pipeline: "crm-leads") }
        #expect(try await state.count(of: "run") == 1)
        try await session.finish(.stopped)
        try await state.store.begin(pipeline: "crm-leads").finish(.stopped)
    }

    @Test func pipelinesDoNotBlockEachOther() async throws {
        let state = try await TestState()
        let first = try await state.store.begin(pipeline: "crm-leads")
        let second = try await state.store.begin(pipeline: "crm-accounts")
        try await first.record(delivered(1))
        try await second.record(delivered(1))
    }

    @Test(arguments: 1...3) func ofManyContendersOneWins(round: Int) async throws {
        let state = try await TestState()
        let stores = [state.store, try await StateStore.open(state.configuration, patience: .milliseconds(100))]
        let sessions = try await withThrowingTaskGroup(of: RunSession?.self) { group in
            for contender in 0..<8 {
                group.addTask {
                    do {
                        return try await stores[contender % 2].begin(pipeline: "crm-leads")
                    } catch let error as RollcallError where error.disposition == .busy {
                        return nil
                    }
                }
            }
            return try await group.reduce(into: []) { sessions, session in sessions.append(session) }
        }
        let winners = sessions.compactMap(\.self)
        #expect(sessions.count == 8)
        #expect(winners.count == 1)
        #expect(try await state.count(of: "run") == 1)
        try await winners.first?.record(delivered(1))
        try await state.killHolder(of: "crm-leads")
        _ = try await state.store.begin(pipeline: "crm-leads")
    }

    @Test func aPipelineThatIsFreedSoonIsWaitedFor() async throws {
        let state = try await TestState(patience: .seconds(20))
        let first = try await state.store.begin(pipeline: "crm-leads")
        let second = Task { try await state.store.begin(pipeline: "crm-leads") }
        try await state.refusal()
        try await first.finish(.stopped)
        #expect(try await second.value.run > first.run)
    }

    @Test func aFinishedRunFreesThePipelineAtOnce() async throws {
        let state = try await TestState()
        for _ in 1...3 { try await state.store.begin(pipeline: "crm-leads").finish(.stopped) }
        #expect(try await state.count(of: "run") == 3)
    }

    @Test func aKilledProcessFreesThePipelineAtOnce() async throws {
        let state = try await TestState()
        let dead = try await state.store.begin(pipeline: "crm-leads")
        try await state.killHolder(of: "crm-leads")
        let next = try await state.store.begin(pipeline: "crm-leads")
        #expect(next.run > dead.run)
        try await next.record(delivered(1))
    }

    @Test func aSuspendedProcessIsTakenOverAndCanRecordNothingMore() async throws {
        let state = try await TestState()
        let suspended = try await state.store.begin(pipeline: "crm-leads")
        try await suspended.record(delivered(2, upTo: "2"))
        try await state.suspendHolder(of: "crm-leads")
        let taker = try await state.store.begin(pipeline: "crm-leads")
        #expect(taker.position?.json == "2")

        let message = try await failure(.fatal) { try await suspended.record(delivered(3, upTo: "5")) }
        #expect(message.hasPrefix("pipeline crm-leads was taken over by PID "))
        #expect(message.contains("(run \(taker.run)) while this process (run \(suspended.run)) was suspended"))
        #expect(message.contains("nothing of its later work was recorded"))
        _ = try await failure(.fatal) { try await suspended.renewLease() }
        _ = try await failure(.fatal) { try await suspended.finish(.done(next: nil)) }

        try await taker.record(delivered(1, upTo: "3"))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "3")
        let runs = try await state.store.runs(limit: 2)
        #expect(runs.map(\.state) == [.running, .interrupted])
        #expect(runs.map(\.balance.delivered) == [1, 2])
    }

    @Test func aRecordThatWaitedForATakeOverIsRefused() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await state.inspector.begin(.readWrite)
        try await state.inspector.query("UPDATE rollcall.lease SET token = token + 1, holder = 'PID 1 on host other'")
        let late = Task { try await session.record(delivered(1, upTo: "1")) }
        _ = try await state.blockedProcess()
        try await state.inspector.commit()
        let message = try await failure(.fatal) { try await late.value }
        #expect(message.contains("was taken over by PID 1 on host other"))
        #expect(try await state.count(of: "checkpoint") == 0)
    }

    @Test func whoTookOverKeepsThePipelineWhenTheSuspendedProcessDies() async throws {
        let state = try await TestState()
        let suspended = try await state.store.begin(pipeline: "crm-leads")
        try await state.suspendHolder(of: "crm-leads")
        let taker = try await state.store.begin(pipeline: "crm-leads")
        try await state.killHolder(of: "crm-leads")
        _ = try await failure(.fatal) { try await suspended.record(delivered(1)) }
        let message = try await failure(.busy) { try await state.store.begin(pipeline: "crm-leads") }
        #expect(message.contains("(run \(taker.run))"))
        #expect(try await state.store.statuses().map(\.holder?.run) == [taker.run])

        // It has the lock from now on, so that its own death is noticed at once.
        try await taker.renewLease()
        try await state.killHolder(of: "crm-leads")
        _ = try await state.store.begin(pipeline: "crm-leads")
    }

    @Test func whoTookOverCanBeTakenOver() async throws {
        let state = try await TestState()
        var sessions = [try await state.store.begin(pipeline: "crm-leads")]
        for _ in 1...2 {
            try await state.suspendHolder(of: "crm-leads")
            sessions.append(try await state.store.begin(pipeline: "crm-leads"))
        }
        for suspended in sessions.dropLast() {
            _ = try await failure(.fatal) { try await suspended.record(delivered(1)) }
        }
        try await sessions.last?.record(delivered(1))
    }

    @Test(arguments: [true, false]) func recordingAndRenewingExtendTheLease(byRecording: Bool) async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await state.suspendHolder(of: "crm-leads")
        if byRecording { try await session.record(delivered(1)) } else { try await session.renewLease() }
        _ = try await failure(.busy) { try await state.store.begin(pipeline: "crm-leads") }
        let lease = try await state.inspector.query(
            "SELECT expires_at - clock_timestamp() BETWEEN '50 s' AND '60 s' AS is_long FROM rollcall.lease"
        )
        #expect(try #require(lease.first).value("is_long", as: Bool.self))
    }
}
