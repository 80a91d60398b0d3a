import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallLedger

@Suite struct LedgerTests {
    private func digest(_ number: UInt64) -> RowDigest { RowDigest(bits: number) }
    private func source(_ number: UInt64) -> KeyDigest { KeyDigest(high: number, low: ~number) }

    @Test func whatWasStoredIsThereAgain() throws {
        var ledger = Ledger()
        ledger.add(Array("1001".utf8).span, .current, digest(1), nil)
        ledger.add(Array("x-ß".utf8).span, .silenced, digest(2), source(3), 7)
        ledger.add(Array("gone".utf8).span, .removed, nil, nil)
        ledger.add(Array("doubt".utf8).span, .current, nil, source(4))
        let segments = ledger.segments(of: ledger.needed(), 2)
        #expect(segments.map(\.entryCount) == [2, 1])

        var loaded = Ledger(capacity: 3)
        for segment in segments {
            let bytes = segment.bytes
            try loaded.load(bytes.span)
        }
        #expect(loaded.count == 3)
        let place = try #require(loaded.place(ofText: "x-ß"))
        #expect(loaded.id(place) == "x-ß")
        #expect(loaded.state(place) == .silenced)
        #expect(loaded.digest(place) == digest(2))
        #expect(loaded.source(place) == source(3))
        #expect(loaded.revision(place) == 7)
        #expect(loaded.places(ofSource: source(3)) == [place])
        let doubtful = try #require(loaded.places(ofSource: source(4)).first)
        #expect(loaded.digest(doubtful) == nil)
        #expect(loaded.place(ofText: "gone") == nil)
    }

    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]])
    func theHigherRevisionCountsInWhicheverOrder(_ order: [Int]) throws {
        let id = Array("7".utf8)
        let segments = (0..<3).map { revision in
            var segment = LedgerSegment()
            segment.append(
                id.span,
                revision == 2 ? .leaving : .current,
                digest(UInt64(revision + 1)),
                nil,
                UInt32(revision)
            )
            return segment
        }
        var ledger = Ledger()
        for index in order {
            let bytes = segments[index].bytes
            try ledger.load(bytes.span)
        }
        let place = try #require(ledger.place(ofText: "7"))
        #expect(ledger.state(place) == .leaving)
        #expect(ledger.digest(place) == digest(3))
        #expect(ledger.count(of: .current) == 0)
        #expect(ledger.count(of: .leaving) == 1)
    }

    @Test(arguments: [false, true]) func aDeliveryThatWasNotConfirmedLeavesItsContactsInDoubt(
        _ isReturning: Bool
    ) throws {
        var ledger = Ledger()
        let place = ledger.add(Array("7".utf8).span, .current, nil, nil)
        var segment = LedgerSegment()
        ledger.append(place, delivering: digest(1), isReturning: isReturning, 2, to: &segment)
        let bytes = segment.bytes
        var pending = Ledger()
        try pending.load(bytes.span, isPending: true)
        #expect(pending.digest(0) == nil)
        #expect(pending.state(0) == (isReturning ? .returning : .current))
        var confirmed = Ledger()
        try confirmed.load(bytes.span)
        #expect(confirmed.digest(0) == digest(1))
        #expect(confirmed.state(0) == .current)
    }

    @Test func anOutcomeOfAnEarlierDecisionIsOfNoAccount() throws {
        var ledger = Ledger()
        let place = ledger.add(Array("7".utf8).span, .current, nil, nil)
        let first = ledger.revision(place)
        ledger.change(place, .current, nil, nil)
        ledger.confirm(place, revision: first, digest(1))
        #expect(ledger.digest(place) == nil)
        ledger.confirm(place, revision: ledger.revision(place), digest(2))
        #expect(ledger.digest(place) == digest(2))
    }

    @Test(arguments: 0..<20) func itAgreesWithADictionary(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var ledger = Ledger()
        var model: [String: (LedgerEntry.State, RowDigest?, KeyDigest?)] = [:]
        for _ in 0..<2_000 {
            let id = "id-\(Int.random(in: 0..<300, using: &random))"
            let state = LedgerEntry.State.allCases.randomElement(using: &random) ?? .current
            let content = Bool.random(using: &random) ? digest(.random(in: 1...9, using: &random)) : nil
            let source = Bool.random(using: &random) ? source(.random(in: 100...10_000, using: &random)) : nil
            if let place = ledger.place(of: Array(id.utf8).span) {
                ledger.change(place, state, content, source)
            } else {
                ledger.add(Array(id.utf8).span, state, content, source)
            }
            model[id] = (state, content, source)
        }
        #expect(ledger.count == model.count)
        for (id, (state, content, source)) in model {
            let place = try #require(ledger.place(ofText: id))
            #expect((ledger.state(place), ledger.id(place)) == (state, id))
            #expect(ledger.digest(place) == content)
            #expect(ledger.source(place) == source)
            if let source {
                let found = try #require(ledger.places(ofSource: source).first)
                #expect(ledger.source(found) == source)
            }
        }
        for state in LedgerEntry.State.allCases {
            #expect(ledger.count(of: state) == model.values.count { $0.0 == state })
        }
    }

    @Test func damagedSegmentsAreRefused() throws {
        var segment = LedgerSegment()
        segment.append(Array("7".utf8).span, .current, digest(1), nil, 1)
        for count in 2..<segment.bytes.count {
            var ledger = Ledger()
            let bytes = Array(segment.bytes.prefix(count))
            #expect(throws: RollcallError.self) { try ledger.load(bytes.span) }
        }
        var ledger = Ledger()
        let newer = [9] + segment.bytes.dropFirst()
        #expect(throws: RollcallError.self) { try ledger.load(newer.span) }
    }
}

extension Ledger {
    fileprivate func place(ofText id: String) -> Int? { place(of: Array(id.utf8).span) }
}

@Suite struct RowDigesterTests {
    private func digest(
        _ values: [String?],
        key: UInt8 = 1,
        names: [String] = ["a", "b"],
        nullIsEmpty: Bool = true
    ) throws -> RowDigest {
        let schema = try Schema(names.map { Schema.Column($0) })
        let digester = RowDigester(
            try DigestKey(Array(repeating: key, count: 32)),
            rowsOf: schema,
            nullIsEmpty: nullIsEmpty
        )
        let batch = try Batch.of(schema.columns, [values])
        return batch.withPinnedColumns { digester.digest(row: 0, of: $0) }
    }

    @Test func otherContentHasAnotherDigest() throws {
        let one = try digest(["x", "y"])
        #expect(try digest(["x", "y"]) == one)
        #expect(try digest(["xy", ""]) != one)
        #expect(try digest(["", "xy"]) != one)
        #expect(try digest(["y", "x"]) != one)
        #expect(try digest(["x", "y"], names: ["a", "c"]) != one)
        #expect(try digest(["x", "y"], key: 2) != one)
    }

    @Test func nullIsTheEmptyTextOnlyWhereTheDestinationTakesItSo() throws {
        #expect(try digest([nil, "y"]) == digest(["", "y"]))
        #expect(try digest([nil, "y"], nullIsEmpty: false) != digest(["", "y"], nullIsEmpty: false))
    }

    @Test func aRowFromElsewhereHasTheSameDigest() throws {
        let schema = try Schema([.init("a"), .init("b")])
        let digester = RowDigester(try DigestKey(Array(repeating: 1, count: 32)), rowsOf: schema, nullIsEmpty: true)
        let elsewhere = digester.digest(["Ζωή", ""])
        #expect(try elsewhere == digest(["Ζωή", nil]))
    }
}

@Suite struct PayloadSealerTests {
    private let row = #"{"name":"Zoë \"Z\"","phone":null}"#

    @Test func aRowIsReadWithItsKeyOnly() throws {
        let batch = try Batch.of([.init("name"), .init("phone")], [["Zoë \"Z\"", nil]])
        let sealer = try PayloadSealer(Secret("a key of some length"))
        let payload = try #require(sealer.seal(0, of: batch))
        #expect(!String(decoding: payload, as: UTF8.self).contains("name"))
        #expect(try sealer.open(payload) == row)
        #expect(throws: RollcallError.self) { try PayloadSealer(Secret("another key, as long")).open(payload) }
        #expect(throws: RollcallError.self) { try PayloadSealer(Secret("short")) }
    }
}
