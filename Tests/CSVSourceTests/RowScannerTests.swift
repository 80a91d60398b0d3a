import RollcallTestSupport
import Testing

@testable import CSVSource

@Suite struct RowScannerTests {
    private static func randomText(_ numbers: inout SeededGenerator) -> [UInt8] {
        let bytes: [UInt8] = Array("ab,,,\"\"\"\n\n\r\\#".utf8) + [0]
        return (0..<Int.random(in: 0...400, using: &numbers)).map { _ in bytes.randomElement(using: &numbers) ?? 0 }
    }

    private static func randomDialect(_ numbers: inout SeededGenerator) -> Dialect {
        var dialect = Dialect()
        if Int.random(in: 0..<4, using: &numbers) == 0 { dialect.quote = nil }
        if Int.random(in: 0..<3, using: &numbers) == 0 { dialect.escape = UInt8(ascii: "\\") }
        if Int.random(in: 0..<3, using: &numbers) == 0 { dialect.comment = Array("#".utf8) }
        if Int.random(in: 0..<8, using: &numbers) == 0 { dialect.comment = Array("#a".utf8) }
        dialect.trims = Int.random(in: 0..<4, using: &numbers) == 0
        dialect.needsFinalLineEnd = Bool.random(using: &numbers)
        dialect.maxFieldBytes = [3, 17, 64, 200, 1 << 20].randomElement(using: &numbers) ?? 0
        return dialect
    }

    /// Wherever the text is cut into pieces, the rows are the same, wrong ones included.
    @Test(arguments: 0..<300)
    func theRowsDoNotDependOnThePieces(_ seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        let text = Self.randomText(&numbers)
        let dialect = Self.randomDialect(&numbers)
        let whole = ScannedRow.scan(text, dialect, pieces: max(1, text.count))
        for size in [1, 2, 3, 7, 63, 64, 65, 128] {
            #expect(ScannedRow.scan(text, dialect, pieces: size) == whole, "pieces of \(size)")
        }
        #expect(ScannedRow.scan(text, dialect, pieces: 50, atMost: 1) == whole, "one row at a time")
    }

    /// Nothing of the text is dealt with twice, and no line is left out.
    @Test(arguments: 0..<100)
    func linesAreCountedAsAnEditorCountsThem(_ seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        let text = Self.randomText(&numbers)
        var dialect = Self.randomDialect(&numbers)
        dialect.comment = []
        let rows = ScannedRow.scan(text, dialect, pieces: 32)
        let feed = UInt8(ascii: "\n")
        let ends = text.indices.count { place in
            text[place] == feed || text[place] == UInt8(ascii: "\r") && text.dropFirst(place + 1).first != feed
        }
        let hasOpenLine = text.last.map { $0 != feed && $0 != UInt8(ascii: "\r") } ?? false
        for (row, next) in zip(rows, rows.dropFirst()) { #expect(row.nextLine <= next.line) }
        if let last = rows.last { #expect(last.nextLine - 1 <= ends + (hasOpenLine ? 1 : 0)) }
    }

    @Test func everyMarkIsFoundWhereverItStands() {
        for length in [1, 63, 64, 65, 130] {
            for place in 0..<length {
                var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                text[place] = UInt8(ascii: ",")
                let span = text.span
                var marks = Marks()
                let finder = MarkFinder(Dialect())
                #expect(marks.next(in: span, finder) == place)
                #expect(marks.next(in: span, finder) == nil)
            }
        }
    }
}
