/// Where a row stands in the text that was scanned.
struct RawRow {
    /// The number of its first line in the file, from one.
    let line: Int
    /// How many lines it takes.
    let lineCount: Int
    /// With its line end.
    let range: Range<Int>
    /// Its cells among all that were scanned.
    let cells: Range<Int>
    let flaw: RowFlaw?

    var nextLine: Int { line + lineCount }
}

extension [RawRow] {
    /// What is wrong with each of the rows, which are in order, in a file whose rows have so many values, and where what
    /// is no text stands at these places, in order.
    func flaws(expecting count: Int, _ faults: [Int]) -> [RowFlaw?] {
        var faults = faults[...]
        return map { row in
            faults = faults.drop { $0 < row.range.lowerBound }
            if let flaw = row.flaw { return flaw }
            if let fault = faults.first, row.range.contains(fault) { return .illFormed }
            return row.cells.count == count ? nil : .otherCount(row.cells.count, expected: count)
        }
    }
}

/// Where a value stands in the text that was scanned, without its quotes.
struct RawCell {
    let start: UInt32
    let length: UInt32
    /// Whether it must be written anew: without escapes, and with its quotes not doubled.
    let isEscaped: Bool

    var range: Range<Int> { Int(start)..<Int(start) + Int(length) }
}
