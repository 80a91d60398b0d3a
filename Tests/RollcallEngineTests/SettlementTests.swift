import PostgresCheckpoints
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine
@testable import RollcallLedger

/// A settlement and a grouper, driven as a run drives them.
private final class Bench {
    var settlement = Settlement(window: 3)
    var grouper: DeliveryGrouper
    private var places: [String: Int] = [:]

    init(rowsPerDelivery: Int = 3) throws {
        grouper = DeliveryGrouper(schema: try Schema([.init("id")]), rowsPerDelivery: rowsPerDelivery)
    }

    /// As a ledger has it that knew nobody before.
    private func intent(_ key: String) -> RowIntent {
        let known = places[key]
        let place = known ?? places.count
        places[key] = place
        let digest = RowDigest(bits: UInt64(place + 1))
        return RowIntent(place: place, revision: 1, digest: digest, isRepeat: known != nil, isReturning: false)
    }

    /// Adds a batch with these keys, whose position is its last key.
    func read(_ keys: [String?], filtered: Int = 0) throws -> [Delivery] {
        let batch = try Batch.of(
            [.init("id")],
            keys.map { [$0] },
            position: Position(json: keys.last.flatMap { $0 } ?? "-")
        )
        let source = try Batch.of([.init("id")], keys.map { [$0] } + Array(repeating: ["left out"], count: filtered))
        let matched = MatchedBatch(Transformed(batch, filtered: filtered), from: source)
        let number = settlement.add(matched, keys: KeyColumns(batch.schema.names, of: batch), rejects: [])
        let deliveries = grouper.add(batch, number: number, intents: keys.map { $0.map(intent) })
        if let last = deliveries.last { settlement.announce(upTo: last.number) }
        return deliveries
    }

    func nextRecord() -> SettledRows? { settlement.nextRecord() }
    func flush() -> Delivery? {
        let delivery = grouper.flush()
        if let delivery { settlement.announce(upTo: delivery.number) }
        return delivery
    }

    func settle(_ delivery: Delivery, _ report: DeliveryReport = DeliveryReport()) {
        let faults = report.invalid.map { (Reject.Stage.invalid, $0) } + report.rejected.map { (.rejected, $0) }
        let refused = faults.map { stage, fault in
            let key = settlement.key(of: fault.row, in: delivery)
            return RefusedRow(row: fault.row, reject: Reject(stage, key: key, code: fault.code, reason: fault.reason))
        }
        settlement.settle(delivery, refused: refused)
    }
}

@Suite struct SettlementTests {
    @Test func aPositionIsRecordedOnceEveryRowUpToItIsSettled() throws {
        let bench = try Bench()
        let first = try bench.read(["1", "2"])
        let second = try bench.read(["3", "4"])
        #expect(first.isEmpty)
        let delivery = try #require(second.first)
        #expect(delivery.rows.rows == [["1"], ["2"], ["3"]])
        bench.settlement.start(delivery)
        #expect(bench.nextRecord() == nil)
        bench.settle(delivery)
        let record = try #require(bench.nextRecord())
        #expect(record.position == Position(json: "2"))
        #expect(record.balance.delivered == 2)
    }

    @Test func aLaterBatchWaitsForAnEarlierOne() throws {
        let bench = try Bench(rowsPerDelivery: 1)
        let one = try #require(try bench.read(["1"]).first)
        let two = try #require(try bench.read(["2"]).first)
        bench.settlement.start(one)
        bench.settlement.start(two)
        bench.settle(two)
        #expect(bench.nextRecord() == nil)
        bench.settle(one)
        let record = try #require(bench.nextRecord())
        #expect(record.position == Position(json: "2"))
        #expect(record.balance.read == 2)
    }

    @Test func oneRecordIsWrittenAtATime() throws {
        let bench = try Bench(rowsPerDelivery: 1)
        for key in ["1", "2"] {
            let delivery = try #require(try bench.read([key]).first)
            bench.settlement.start(delivery)
            bench.settle(delivery)
            if key == "1" { #expect(bench.nextRecord() != nil) }
        }
        #expect(bench.nextRecord() == nil)
        bench.settlement.recorded()
        #expect(bench.nextRecord()?.position == Position(json: "2"))
    }

    @Test func noMoreThanTheWindowIsUnderWayOrUnrecorded() throws {
        let bench = try Bench(rowsPerDelivery: 1)
        var deliveries: [Delivery] = []
        for key in ["1", "2", "3", "4"] { deliveries += try bench.read([key]) }
        for delivery in deliveries.prefix(3) {
            #expect(bench.settlement.admits(delivery))
            bench.settlement.start(delivery)
        }
        #expect(!bench.settlement.admits(deliveries[3]))
        bench.settle(deliveries[0])
        #expect(!bench.settlement.admits(deliveries[3]), "delivered is not recorded")
        _ = bench.nextRecord()
        bench.settlement.recorded()
        #expect(bench.settlement.admits(deliveries[3]))
    }

    @Test func aKeyIsNeverInTwoDeliveriesAtATime() throws {
        let bench = try Bench(rowsPerDelivery: 1)
        let first = try #require(try bench.read(["7"]).first)
        let second = try #require(try bench.read(["7"]).first)
        bench.settlement.start(first)
        #expect(!bench.settlement.admits(second))
        bench.settle(first)
        #expect(bench.settlement.admits(second))
    }

    @Test func ofTwoRowsWithOneKeyTheLaterGoesAndTheEarlierIsADuplicate() throws {
        let bench = try Bench()
        _ = try bench.read(["1", "2", "1"])
        let delivery = try #require(bench.flush())
        #expect(delivery.rows.rows == [["2"], ["1"]])
        bench.settlement.start(delivery)
        bench.settle(delivery)
        let record = try #require(bench.nextRecord())
        #expect(record.balance.duplicate == 1)
        #expect(record.balance.delivered == 2)
        #expect(record.balance.holds)
    }

    @Test func rowsWithoutAKeyAreNoDuplicates() throws {
        let bench = try Bench()
        #expect(try bench.read([nil, nil, nil]).first?.rows.rowCount == 3)
    }

    @Test func refusedRowsAreCountedAndKeptWithTheirKeys() throws {
        let bench = try Bench()
        let delivery = try #require(try bench.read(["1", "2", "3"]).first)
        bench.settlement.start(delivery)
        let report = DeliveryReport(
            invalid: [RowFault(row: 0, code: "value_too_long", reason: "too long")],
            rejected: [RowFault(row: 2, code: "invalid.contact.columns", reason: "columns")]
        )
        bench.settle(delivery, report)
        let record = try #require(bench.nextRecord())
        #expect(record.balance.invalid == 1)
        #expect(record.balance.rejected == 1)
        #expect(record.balance.delivered == 1)
        #expect(record.balance.holds)
        #expect(record.rejects.map(\.key) == ["1", "3"])
        #expect(record.rejects.map(\.stage) == [.invalid, .rejected])
    }

    @Test func aRowThatTheSourceCouldNotReadWasReadAndIsInvalid() throws {
        var source = try Batch.of([.init("id")], [["1"]])
        source.unreadable = [UnreadableRow(at: "leads.csv:2", code: "unclosed_quote", reason: "a quote is not closed")]
        let balance = MatchedBatch(Transformed(source), from: source).balance
        #expect(balance.read == 2)
        #expect(balance.invalid == 1)
        let reject = Reject(source.unreadable[0])
        #expect(reject.key == "leads.csv:2")
        #expect(reject.keyValues == nil)
        let known = Reject(
            UnreadableRow(at: "leads.csv:3", key: ["a", "b"], code: "not_a_number", reason: "is no number")
        )
        #expect(known.key == "a/b")
        #expect(known.reason == "leads.csv:3: is no number")
    }

    @Test func aBatchThatWasFilteredAwayIsSettledAtOnce() throws {
        let bench = try Bench()
        let batch = try Batch.of([.init("id")], [], position: Position(json: "9"))
        _ = bench.settlement.add(
            MatchedBatch(
                Transformed(batch, filtered: 5),
                from: try Batch.of([.init("id")], Array(repeating: ["left out"], count: 5))
            ),
            keys: KeyColumns(batch.schema.names, of: batch),
            rejects: []
        )
        let record = try #require(bench.nextRecord())
        #expect(record.position == Position(json: "9"))
        #expect(record.balance.filtered == 5)
    }

    /// Whatever the sizes and the order in which deliveries end: every row is counted once, positions only grow, and no row is
    /// ever recorded before it is delivered.
    @Test(arguments: 0..<200)
    func anyOrderOfEventsEndsBalanced(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rowsPerDelivery = Int.random(in: 1...7, using: &random)
        let bench = try Bench(rowsPerDelivery: rowsPerDelivery)
        var underWay: [Delivery] = []
        var waiting: [Delivery] = []
        var delivered: Set<Int> = []
        var total = Balance()
        var lastPosition = -1
        var next = 0

        func record(_ record: SettledRows?) throws {
            guard let record else { return }
            let position = try #require(record.position.flatMap { Int($0.json) })
            #expect(position > lastPosition)
            #expect((0...position).allSatisfy(delivered.contains))
            lastPosition = position
            total += record.balance
            bench.settlement.recorded()
        }

        for _ in 0..<40 {
            let keys = (next..<next + Int.random(in: 1...rowsPerDelivery, using: &random)).map { "\($0)" }
            next += keys.count
            waiting += try bench.read(keys)
            while let delivery = waiting.first, bench.settlement.admits(delivery) {
                bench.settlement.start(delivery)
                underWay.append(waiting.removeFirst())
            }
            if let index = underWay.indices.randomElement(using: &random), Bool.random(using: &random) {
                let delivery = underWay.remove(at: index)
                delivered.formUnion(delivery.rows.rows.compactMap { $0[0].flatMap { Int($0) } })
                bench.settle(delivery)
            }
            if Bool.random(using: &random) { try record(bench.nextRecord()) }
        }
        if let last = bench.flush() { waiting.append(last) }
        while !waiting.isEmpty || !underWay.isEmpty {
            try record(bench.nextRecord())
            while let delivery = waiting.first, bench.settlement.admits(delivery) {
                bench.settlement.start(delivery)
                underWay.append(waiting.removeFirst())
            }
            let delivery = underWay.removeFirst()
            delivered.formUnion(delivery.rows.rows.compactMap { $0[0].flatMap { Int($0) } })
            bench.settle(delivery)
            try record(bench.nextRecord())
        }
        try record(bench.nextRecord())
        #expect(bench.settlement.isComplete)
        #expect(total.read == next)
        #expect(total.delivered == next)
        #expect(total.holds)
    }

    @Test func aRecordWaitsOnlyWhereNoDeliveryDoesAndFewBatchesDo() throws {
        let bench = try Bench()
        for _ in 0..<15 { _ = try bench.read([], filtered: 1) }
        #expect(bench.settlement.isRecordDue(announcing: []))
        #expect(bench.settlement.canRecordLater)
        _ = try bench.read([], filtered: 1)
        #expect(!bench.settlement.canRecordLater)
        #expect(bench.nextRecord()?.balance.filtered == 16)
        bench.settlement.recorded()
        #expect(bench.settlement.canRecordLater)

        let delivery = try #require(try bench.read(["1", "2", "3"]).first)
        bench.settlement.start(delivery)
        #expect(!bench.settlement.canRecordLater)
        bench.settle(delivery)
        #expect(!bench.settlement.canRecordLater)
    }

    @Test func batchesAreDeliveredAsTheyAreWhereADeliveryNeedNotBeFull() throws {
        let schema = try Schema([.init("id")])
        var grouper = DeliveryGrouper(schema: schema, rowsPerDelivery: 3, fills: false)
        let batch = try Batch.of([.init("id")], [["1"], ["2"], ["3"]]).keeping([0, 2])
        let deliveries = grouper.add(batch, number: 7) + grouper.add(batch.keeping([]), number: 8)
        let delivery = try #require(deliveries.first)
        #expect(deliveries.count == 1)
        #expect(delivery.rows.rows == [["1"], ["3"]])
        #expect(delivery.owners == [7, 7])
        #expect(delivery.origins == [0, 2])
        #expect(delivery.lastBatch == 7)
        #expect(grouper.add(batch, number: 9).map(\.number) == [1])
        #expect(grouper.oldestBatch == nil)
    }

    @Test func aBatchThatIsTooLargeIsCutIntoDeliveries() throws {
        let schema = try Schema([.init("id")])
        var grouper = DeliveryGrouper(schema: schema, rowsPerDelivery: 3, fills: false)
        var deliveries = grouper.add(try Batch.of([.init("id")], [["1"], ["2"], ["3"], ["4"]]), number: 0)
        // What is left of it goes first.
        deliveries += grouper.add(try Batch.of([.init("id")], [["5"], ["6"]]), number: 1)
        #expect(deliveries.map(\.rows.rows) == [[["1"], ["2"], ["3"]], [["4"], ["5"], ["6"]]])
    }
}
