import RollcallCore
import RollcallTestSupport
import Testing

@Suite struct RejectNameTests {
    @Test(arguments: 0..<100) func aNameGivesItsKeyValuesBack(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let letters = ["a", "/", "\\", "é", "👩‍🚒", "e\u{301}", ""]
        let values = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            (0..<Int.random(in: 0...5, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }
                .joined()
        }
        let name = Reject.name(of: values)
        #expect(
            Reject.keyValues(named: name, count: values.count).map { $0.map { Array($0.utf8) } }
                == values.map { Array($0.utf8) }
        )
    }

    @Test(arguments: [("a", 2), ("a/b/c", 2), (#"a\/b"#, 2), (#"a/b\"#, 2)])
    func whatIsNoNameOfSoManyValuesIsNone(_ name: String, _ count: Int) {
        #expect(Reject.keyValues(named: name, count: count) == nil)
    }

    @Test func aSingleValueIsItsName() {
        #expect(Reject.keyValues(named: #"a/b\c"#, count: 1) == [#"a/b\c"#])
    }
}
