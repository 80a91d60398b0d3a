import PostgresCheckpoints
import RollcallCore
import Testing

@Suite struct RejectTests {
    private func reject(_ key: String, _ code: String = "invalid_value", stage: Reject.Stage = .rejected) -> Reject {
        Reject(stage, key: [key], code: code, reason: "`phone` is not valid")
    }

    @Test func aRowRefusedAgainCountsOneMoreAttempt() async throws {
        let state = try await TestState()
        var runs: [Int] = []
        for code in ["first", "second", "third"] {
            let session = try await state.store.begin(pipeline: "crm-leads")
            try await session.record(rejected(reject("7", code)))
            try await session.finish(.done(next: nil))
            runs.append(session.run)
        }
        let record = try #require(try await state.store.rejects(pipeline: "crm-leads", limit: 10).first)
        #expect(record.reject == reject("7", "third"))
        #expect(record.closed == nil)
        #expect(record.attempts == 3)
        #expect(record.run == runs.last)
        #expect(record.first < record.last)
    }

    @Test func rowsWithOneKeyInOneRecordCountEach() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(rejected(reject("7", "first"), reject("8"), reject("7", "last")))
        let records = try await state.store.rejects(pipeline: "crm-leads", limit: 10)
        #expect(records.map(\.reject) == [reject("7", "last"), reject("8")])
        #expect(records.map(\.attempts) == [2, 1])
    }

    @Test func pipelinesAreKeptApartAndWhoeverRefusedARowItIsOneReject() async throws {
        let state = try await TestState()
        for pipeline in ["crm-leads", "crm-accounts"] {
            let session = try await state.store.begin(pipeline: pipeline)
            try await session.record(rejected(reject("7", stage: .invalid), reject("7", stage: .rejected)))
        }
        let records = try await state.store.rejects(pipeline: "crm-leads", limit: 10)
        #expect(records.map(\.reject.stage) == [.rejected])
        #expect(records.map(\.attempts) == [2])
        #expect(try await state.count(of: "reject") == 2)
    }

    @Test func aRowThatArrivedIsNoRejectAnyMore() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(rejected(reject("7"), reject("8")))
        let closed = [ClosedReject(key: "7", .delivered), ClosedReject(key: "9", .left)]
        try await session.record(SettledRows(position: nil, balance: Balance(), closedRejects: closed))
        #expect(try await session.openRejects().map(\.key) == ["8"])
        #expect(try await state.store.rejects(pipeline: "crm-leads", limit: 10).map(\.reject.key) == ["8"])
        let all = try await state.store.rejects(pipeline: "crm-leads", closed: true, limit: 10)
        #expect(
            Dictionary(uniqueKeysWithValues: all.map { ($0.reject.key, $0.closed) }) == ["7": .delivered, "8": nil]
        )
        #expect(try await state.store.statuses().map(\.rejects) == [1])

        // Refused anew, it begins anew.
        try await session.record(rejected(reject("7")))
        let again = try await state.store.rejects(pipeline: "crm-leads", limit: 10).first { $0.reject.key == "7" }
        #expect(again?.attempts == 1)
    }

    @Test func aRowIsFoundAgainByTheValuesOfItsKey() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let values = ["a/b", #"c\d"#, "", "{x,\"y\"}", "NULL"]
        let refused = Reject(.rejected, key: values, code: "c", reason: "r", content: [1, 255], payload: [0, 9])
        try await session.record(rejected(refused))
        let open = try #require(try await session.openRejects().first)
        #expect(open.keyValues == values)
        #expect(open.key == #"a\/b/c\\d//{x,"y"}/NULL"#)
        #expect(open.content == [1, 255])
        #expect(try await state.store.rejects(pipeline: "crm-leads", limit: 1).first?.reject.payload == [0, 9])
    }

    @Test func rejectsAreListedByRunAndNoMoreThanAskedFor() async throws {
        let state = try await TestState()
        let first = try await state.store.begin(pipeline: "crm-leads")
        try await first.record(rejected(reject("1"), reject("2")))
        try await first.finish(.stopped)
        let second = try await state.store.begin(pipeline: "crm-leads")
        try await second.record(rejected(reject("2"), reject("3"), reject("4")))

        func keys(_ run: Int?, limit: Int = 10) async throws -> [String] {
            try await state.store.rejects(pipeline: "crm-leads", run: run, limit: limit).map(\.reject.key)
        }
        #expect(try await keys(first.run) == ["1"])
        #expect(try await keys(second.run) == ["2", "3", "4"])
        #expect(try await keys(nil) == ["2", "3", "4", "1"])
        #expect(try await keys(nil, limit: 1) == ["2"])
    }

    @Test func numbersAtTheEndOfKeysAreInTheOrderOfNumbers() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let keys = ["10", "9", "leads.csv:17", "leads.csv:9", "leads.csv", "z", "12345678901234567890123", "07"]
        try await session.record(SettledRows(position: nil, balance: Balance(), rejects: keys.map { reject($0) }))
        let listed = try await state.store.rejects(pipeline: "crm-leads", limit: 20).map(\.reject.key)
        #expect(
            listed == ["07", "9", "10", "12345678901234567890123", "leads.csv", "leads.csv:9", "leads.csv:17", "z"]
        )
    }

    @Test func whatIsNotTriedAnyMoreIsGivenUp() async throws {
        let state = try await TestState()
        func givenUp() async throws -> [String] {
            try await state.store.rejects(pipeline: "crm-leads", limit: 9).filter(\.isGivenUp).map(\.reject.key)
        }
        let sent = Reject(.rejected, key: ["sent"], code: "c", reason: "r", content: [1])
        for _ in 0..<2 {
            #expect(try await givenUp() == [])
            let session = try await state.store.begin(pipeline: "crm-leads", maximumAttempts: 2)
            try await session.record(rejected(sent, reject("refused by a step")))
            try await session.finish(.done(next: nil))
        }
        // Without a checkpoint, what a step refuses is read by every run.
        #expect(try await givenUp() == ["sent"])
        try await state.store.setCheckpoint(pipeline: "crm-leads", Position(json: "{}"))
        #expect(try await givenUp() == ["refused by a step", "sent"])
        _ = try await state.store.retryRejects(pipeline: "crm-leads", keys: nil)
        #expect(try await givenUp() == [])
        _ = try await state.store.begin(pipeline: "crm-leads", maximumAttempts: 9)
        #expect(try await givenUp() == [])
    }

    @Test func aKeyMayBeOfAnyTextAndLength() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let long = (0..<4_000).map { String($0, radix: 36) }.joined()
        let keys = ["", #"{"a",\N}"#, #"\"#, #"\\x00"#, "NULL", "Ζωή\n\t👩‍👩‍👧", long, long + "x"]
        try await session.record(SettledRows(position: nil, balance: Balance(), rejects: keys.map { reject($0) }))
        let kept = try await state.store.rejects(pipeline: "crm-leads", limit: 20).map(\.reject.key)
        #expect(Set(kept) == Set(keys))
        #expect(kept.count == keys.count)
    }

    @Test func aNULInAKeyDoesNotStopTheRun() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        try await session.record(rejected(reject("7\0")))
        #expect(try await state.store.rejects(pipeline: "crm-leads", limit: 1).map(\.reject.key) == ["7\u{FFFD}"])
    }

    @Test func thousandsOfRejectsFitIntoOneRecord() async throws {
        let state = try await TestState()
        let session = try await state.store.begin(pipeline: "crm-leads")
        let rejects = (0..<5_000).map { reject("lead-\($0)") }
        try await session.record(SettledRows(position: nil, balance: Balance(), rejects: rejects))
        #expect(try await state.store.statuses().map(\.rejects) == [5_000])
    }
}
