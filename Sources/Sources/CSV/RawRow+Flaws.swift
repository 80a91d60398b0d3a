internal import RollcallFiles

extension Span<UInt8> {
    /// The one at the beginning of a file is no part of its text.
    fileprivate func hasByteOrderMark(at start: Int) -> Bool {
        start + 2 < count && self[start] == 0xEF && self[start + 1] == 0xBB && self[start + 2] == 0xBF
    }
}

extension [RawRow] {
    /// What is wrong with each of the rows, which are in order, in a file whose rows have so many values; `text` is what was scanned, and
    /// `offset` where it stands in the file's.
    func flaws(expecting count: Int, _ faults: [TextFault], in text: Span<UInt8>, offset: Int) -> [RowFlaw?] {
        var faults = faults[...]
        return map { row in
            faults = faults.drop { $0.offset - offset < row.range.lowerBound }
            if let flaw = row.flaw { return flaw }
            if let fault = faults.first, row.range.contains(fault.offset - offset) {
                return .illFormed
            }
            if text.hasByteOrderMark(at: row.range.lowerBound) { return .byteOrderMark }
            return row.cells.count == count ? nil : .otherCount(row.cells.count, expected: count)
        }
    }
}
