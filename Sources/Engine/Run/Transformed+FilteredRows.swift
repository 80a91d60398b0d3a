internal import RollcallCore

extension Transformed {
    /// The rows of the source that did not come through, and were not refused.
    func filteredRows(of source: Batch) -> [Int] {
        guard batch.rowCount + invalid.count < source.rowCount else { return [] }
        var hasCome = Array(repeating: false, count: source.rowCount)
        for row in 0..<batch.rowCount { hasCome[batch.origin(of: row)] = true }
        for fault in invalid { hasCome[fault.row] = true }
        return hasCome.indices.filter { !hasCome[$0] }
    }
}
