import RollcallTestSupport
import Testing

@testable import RollcallEngine

struct KeyIndexTests {
    @Test func itAgreesWithADictionary() {
        var random = SeededGenerator(seed: 7)
        for capacity in [1, 2, 15, 16, 17, 1_000] {
            var index = KeyIndex(capacity: capacity)
            var expected: [[UInt8]: Int] = [:]
            for row in 0..<3 * capacity {
                let key = Array("\(Int.random(in: 0..<capacity, using: &random))".utf8)
                #expect(index.insert(key.span, row: row) == expected.updateValue(row, forKey: key))
            }
        }
    }

    @Test func keysThatAreSpelledWithOtherCodePointsAreDifferent() {
        var index = KeyIndex(capacity: 2)
        #expect(index.insert(Array("caf\u{E9}".utf8).span, row: 0) == nil)
        #expect(index.insert(Array("cafe\u{301}".utf8).span, row: 1) == nil)
    }

    @Test func twoAreDisjointUnlessTheyShareAKey() {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<200 {
            let keys = (0..<2).map { _ in Set((0..<6).map { _ in Int.random(in: 0..<60, using: &random) }) }
            let indexes = keys.map { keys in
                var index = KeyIndex(capacity: 6)
                for key in keys { _ = index.insert(Array("\(key)".utf8).span, row: key) }
                return index
            }
            #expect(indexes[0].isDisjoint(with: indexes[1]) == keys[0].isDisjoint(with: keys[1]))
            #expect(indexes[1].isDisjoint(with: indexes[0]) == keys[0].isDisjoint(with: keys[1]))
        }
    }
}
