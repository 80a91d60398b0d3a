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

    /// What is wrong with the row in a file whose rows have so many values, and where what is no text is at these places.
    func flaw(expecting count: Int, _ faults: [Int]) -> RowFlaw? {
        if let flaw { return flaw }
        if !faults.isEmpty, faults.contains(where: range.contains) { return .illFormed }
        return cells.count == count ? nil : .otherCount(cells.count, expected: count)
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
