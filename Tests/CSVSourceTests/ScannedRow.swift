// The fuzzer compiles this file together with the scanner; there is no module of its name there.
#if canImport(CSVSource)
@testable import CSVSource
#endif

/// A row as text, to compare.
struct ScannedRow: Equatable {
    let line: Int
    let lineCount: Int
    let values: [String]
    let flaw: RowFlaw?

    var nextLine: Int { line + lineCount }

    /// Scans text that comes in pieces of a size, as its reader would.
    static func scan(
        _ file: [UInt8],
        _ dialect: Dialect,
        pieces size: Int,
        atMost rowCount: Int = 1_000
    ) -> [ScannedRow] {
        var scanner = RowScanner(dialect)
        var rows: [ScannedRow] = []
        var buffer: [UInt8] = []
        var next = 0
        var isEnd = false
        while true {
            let text = buffer
            let span = text.span
            let consumed = scanner.scan(span, isEnd: isEnd, atMost: rowCount)
            for row in scanner.rows {
                let values = scanner.cells[row.cells].map { cell in
                    let bytes = text[cell.range]
                    return String(decoding: cell.isEscaped ? dialect.unescaped(bytes) : Array(bytes), as: UTF8.self)
                }
                rows.append(
                    ScannedRow(
                        line: row.line,
                        lineCount: row.lineCount,
                        values: row.flaw == nil ? values : [],
                        flaw: row.flaw
                    )
                )
            }
            buffer.removeFirst(consumed)
            if !scanner.rows.isEmpty { continue }
            if isEnd { return rows }
            isEnd = next == file.count
            let end = min(file.count, next + size)
            buffer += file[next..<end]
            next = end
        }
    }
}
