internal import RollcallCore

/// Lets the first of rows with the same values through.
final class FirstRows: TransformStep {
    private let keys: DedupeKeys
    private var seen = DigestSet()

    init(_ keys: DedupeKeys) {
        self.keys = keys
    }

    func apply(_ batch: Batch) throws -> Transformed {
        var kept: [Int] = []
        kept.reserveCapacity(batch.rowCount)
        batch.withPinnedColumns { pinned in
            let columns = keys.columns.map { pinned[$0] }
            for row in 0..<batch.rowCount {
                let isFirst = keys.digest(row, columns).map { seen.insert($0) } ?? true
                if isFirst { kept.append(row) }
            }
        }
        try keys.check(seen.count)
        return Transformed(keeping: kept, of: batch)
    }
}

extension Transformed {
    /// These rows; for each of the others one of them stands.
    init(keeping rows: [Int], of batch: Batch) {
        guard rows.count < batch.rowCount else {
            self.init(batch)
            return
        }
        self.init(batch.keeping(rows), filtered: batch.rowCount - rows.count)
        superseded = Set((0..<batch.rowCount).map(batch.origin)).subtracting(rows.map(batch.origin))
    }
}
