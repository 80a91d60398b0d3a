import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@Suite struct BatchTests {
    @Test func nullIsNotTheEmptyString() throws {
        let batch = try Batch.of([.init("a"), .init("b")], [["", nil]])
        #expect(batch.rows == [["", nil]])
        #expect(!batch.columns[0].cells[0].isNull)
        #expect(batch.columns[1].cells[0].isNull)
    }

    @Test func keepingRowsRemembersWhereTheyStoodInTheSource() throws {
        let batch = try Batch.of([.init("n")], (0..<6).map { ["\($0)"] })
        let even = batch.keeping([0, 2, 4])
        let last = even.keeping([1, 2])
        #expect(last.rows == [["2"], ["4"]])
        #expect((0..<2).map(last.origin(of:)) == [2, 4])
        let anew = last.numberedAnew()
        #expect(anew.rows == last.rows)
        #expect((0..<2).map(anew.origin(of:)) == [0, 1])
    }

    @Test func replacingColumnsKeepsRowsAndPosition() throws {
        let position = Position(json: "{}")
        let batch = try Batch.of([.init("a"), .init("b")], [["1", "2"]], position: position)
        let swapped = batch.replacing(
            [batch.columns[1], batch.columns[0]],
            schema: try Schema([.init("b"), .init("a")])
        )
        #expect(swapped.rows == [["2", "1"]])
        #expect(swapped.position == position)
    }

    @Test func aBuilderBeginsAnewAfterItsBatch() throws {
        var builder = BatchBuilder(schema: try Schema([.init("a")]))
        builder.append("1")
        #expect(builder.finish().rows == [["1"]])
        #expect(builder.rowCount == 0)
        builder.append("2")
        #expect(builder.finish().rows == [["2"]])
    }

    @Test func twoColumnsOfOneNameAreRefused() {
        #expect(throws: RollcallError.self) { try Schema([.init("a"), .init("b"), .init("a")]) }
    }

    @Test func namesAreComparedInCase() throws {
        let schema = try Schema([.init("Phone"), .init("phone")])
        #expect(schema.index(of: "phone") == 1)
        #expect(schema.index(of: "PHONE") == nil)
    }
}

@Suite struct JSONTextTests {
    @Test(arguments: ["", "plain", "\"\\/", "\n\r\t\u{0}\u{1F}", "Ωμέγα 😀", "a\u{7F}b\u{2028}"])
    func textSurvivesTheWayThroughJSON(_ text: String) throws {
        var json: [UInt8] = []
        json.appendJSONString(text)
        let decoded = try JSONDecoder().decode([String].self, from: Data("[".utf8 + json + "]".utf8))
        #expect(decoded == [text])
    }
}
