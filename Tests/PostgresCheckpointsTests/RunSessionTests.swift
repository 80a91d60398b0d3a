import PostgresCheckpoints
import PostgresClient
import RollcallCore
import Testing

@Suite struct RunSessionTests {
    @Test func theFirstRunStartsAtTheBeginning() async throws {
        let state = try await TestState()
        #expect(try await state.store.begin(pipeline: "crm-leads").position == nil)
    }

    @Test func recordsMoveThePositionAndAddUp() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        var balance = Balance()
        balance.read = 21
        balance.filtered = 1
        balance.invalid = 2
        balance.duplicate = 3
        balance.unchanged = 4
        balance.delivered = 5
        balance.rejected = 6
        try await session.record(SettledRows(position: Position(json: "1"), balance: balance, rejects: []))
        try await session.record(delivered(10, upTo: "2"))

        balance += delivered(10).balance
        let run = try #require(try await state.store.runs(limit: 10).first)
        #expect(run.balance == balance)
        #expect(run.rejects == 8)
        let checkpoint = try #require(try await state.store.checkpoint(pipeline: "crm-leads"))
        #expect(checkpoint.position.json == "2")
        #expect(checkpoint.run == session.run)
        #expect(checkpoint.saved >= run.started)
    }

    @Test func aRecordWithoutAPositionLeavesTheCheckpointAlone() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(delivered(1, upTo: "1"))
        try await session.record(delivered(1))
        #expect(try await state.store.checkpoint(pipeline: "crm-leads")?.position.json == "1")
        #expect(try await state.store.runs(limit: 1).map(\.balance.delivered) == [2])
    }

    @Test func aPositionComesBackLetterByLetter() async throws {
        let state = try await TestState()
        let json = #"{ "b":1.50, "a" : ["Ζωή \u00e9", 12345678901234567890123],  "b": null }"#
        let first = try await state.store.begin(pipeline: "crm-leads")
        try await first.record(delivered(1, upTo: json))
        try await first.finish(.stopped)
        #expect(try await state.store.begin(pipeline: "crm-leads").position?.json == json)
    }

    @Test(
        arguments: [
            (RunEnding.done(next: Position(json: "9")), RunRecord.State.done, "9"),
            (.done(next: nil), .done, nil),
            (.judged("the source broke", next: Position(json: "9"), isSweep: false), .failed, "9"),
            (.judged("the source broke", next: nil, isSweep: true), .failed, nil),
            (.stopped, .stopped, "1"),
            (.failed("the source broke"), .failed, "1"),
        ] as [(RunEnding, RunRecord.State, String?)]
    )
    func theEndingDecidesWhereTheNextRunStarts(
        _ ending: RunEnding,
        _ end: RunRecord.State,
        _ next: String?
    ) async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(delivered(1, upTo: "1"))
        try await session.finish(ending)

        let run = try #require(try await state.store.runs(limit: 1).first)
        #expect(run.state == end)
        #expect(run.error == (end == .failed ? "the source broke" : nil))
        #expect(try #require(run.ended) >= run.started)
        #expect(try await state.store.begin(pipeline: "crm-leads").position?.json == next)
    }

    @Test func aReasonMayBeAnyText() async throws {
        let state = try await TestState()
        try await state.store.begin(pipeline: "crm-leads").finish(.failed("'\0\\\n$1"))
        #expect(try await state.store.runs(limit: 1).map(\.error) == ["'\u{FFFD}\\\n$1"])
    }

    @Test func aRecordThatTheDatabaseRefusesLeavesNothingAndTheRunMayGoOn() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let reject = Reject(.rejected, key: ["7"], code: "value_too_long", reason: "`name` is too long")
        let message = try await failure(.fatal) { try await session.record(rejected(reject, upTo: "{no json}")) }
        #expect(!message.contains("no json"))
        #expect(try await state.count(of: "reject") == 0)
        #expect(try await state.store.runs(limit: 1).map(\.balance) == [Balance()])

        try await session.record(delivered(1, upTo: "1"))
        _ = try await failure(.fatal) { try await session.finish(.done(next: Position(json: "{no json}"))) }
        try await session.finish(.failed("the position is no JSON"))
        #expect(try await state.store.runs(limit: 1).map(\.state) == [.failed])
    }

    @Test func aCancelledRecordRecordsNothing() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await state.inspector.begin(.readWrite)
        try await state.inspector.query("SELECT FROM rollcall.lease FOR UPDATE")
        let recording = Task { try await session.record(delivered(1, upTo: "1")) }
        _ = try await state.blockedProcess()
        recording.cancel()
        await #expect(throws: CancellationError.self) { try await recording.value }
        await state.inspector.rollback()
        #expect(try await state.count(of: "checkpoint") == 0)
        try await session.record(delivered(1, upTo: "2"))
    }

    @Test func aCancelledTaskStillClosesItsRun() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { try await session.finish(.failed("stopped at once")) }
            try await group.waitForAll()
        }
        #expect(try await state.store.runs(limit: 1).map(\.error) == ["stopped at once"])
        _ = try await state.store.begin(pipeline: "crm-leads")
    }

    @Test func whatWasRecordedBeforeAKillIsKept() async throws {
        let state = try await TestState()
        let killed = try await state.store.begin(pipeline: "crm-leads")
        try await killed.record(delivered(5, upTo: "5"))
        try await state.killHolder(of: "crm-leads")
        let seen = try await state.store.runs(limit: 1)
        #expect(seen.map(\.state) == [.interrupted])
        #expect(seen.map(\.ended) == [nil])

        let next = try await state.store.begin(pipeline: "crm-leads")
        #expect(next.position?.json == "5")
        let run = try #require(try await state.store.runs(limit: 2).last)
        #expect(run.id == killed.run)
        #expect(run.state == .interrupted)
        #expect(run.balance.delivered == 5)
        #expect(run.ended != nil)
    }

    @Test func aConnectionLostInMidRecordIsAnErrorThatSaysSo() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await state.inspector.begin(.readWrite)
        try await state.inspector.query("SELECT FROM rollcall.lease FOR UPDATE")
        let lost = Task { try await session.record(delivered(1, upTo: "1")) }
        let process = try await state.blockedProcess()
        try await state.inspector.query("SELECT pg_terminate_backend($1)", [process])
        let message = try await failure(.fatal) { try await lost.value }
        await state.inspector.rollback()
        #expect(message.hasPrefix("the state database ("))
        #expect(message.contains(") was lost: "))
        #expect(message.contains("what was recorded before is kept"))
        _ = try await failure(.fatal) { try await session.record(delivered(1)) }
        #expect(try await state.count(of: "checkpoint") == 0)
        _ = try await state.store.begin(pipeline: "crm-leads")
    }
}
