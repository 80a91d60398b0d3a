import PostgresCheckpoints
import RollcallCore
import Testing

@Suite struct RunPurposeTests {
    @Test(arguments: [RunPurpose.reconcile, .erase])
    func whoHoldsAPipelineForAnotherPurposeLeavesItsHistoryAsItWas(_ purpose: RunPurpose) async throws {
        let state = try await TestState()
        let run = try await state.store.begin(pipeline: "crm-leads")
        try await run.record(delivered(7, upTo: "7"))
        try await run.finish(.stopped)
        let before = try await state.store.statuses()

        let session = try await state.store.begin(pipeline: "crm-leads", for: purpose)
        #expect(session.position == Position(json: "7"))
        #expect(try await state.store.runs(limit: 10).map(\.id) == [run.run])
        #expect(try await state.store.statuses().map(\.lastRun?.id) == [run.run])
        #expect(try await state.store.statuses().map(\.holder?.run) == [session.run])
        try await session.finish(.released)
        #expect(try await state.store.runs(limit: 10).map(\.id) == [run.run])
        #expect(try await state.store.statuses() == before)
    }

    @Test func noRunBeginsMeanwhile() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads", for: .reconcile)
        let refusal = try await failure(.busy) { try await state.store.begin(pipeline: "crm-leads") }
        #expect(refusal.contains("crm-leads is held by"))
        try await session.finish(.released)
        try await state.store.begin(pipeline: "crm-leads").finish(.done(next: nil))
    }

    /// Its holder is gone, and the next run finds the pipeline free and its checkpoint as it was.
    @Test func aComparisonThatWasKilledHarmsNoRun() async throws {
        let state = try await TestState()
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "7"))
        let session = try await state.store.begin(pipeline: "crm-leads", for: .reconcile)
        try await state.killHolder(of: "crm-leads")
        let run = try await state.store.begin(pipeline: "crm-leads")
        #expect(run.run > session.run)
        #expect(run.position == Position(json: "7"))
        #expect(try await state.store.runs(limit: 10).map(\.id) == [run.run])
    }
}
