internal import RollcallFiles

extension [RawRow] {
    /// What is wrong with each of the rows, which are in order, in a file whose rows have so many values; `offset` is where the text that
    /// was scanned stands in the file's.
    func flaws(expecting count: Int, _ faults: [TextFault], offset: Int) -> [RowFlaw?] {
        var faults = faults[...]
        return map { row in
            faults = faults.drop { $0.offset - offset < row.range.lowerBound }
            if let flaw = row.flaw { return flaw }
            if let fault = faults.first, row.range.contains(fault.offset - offset) {
                return .illFormed(atByte: fault.byteOffset)
            }
            return row.cells.count == count ? nil : .otherCount(row.cells.count, expected: count)
        }
    }
}
