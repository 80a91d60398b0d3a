internal import RollcallCore

/// Lets the first of rows with the same values through.
final class FirstRows: TransformStep {
    private let keys: DedupeKeys
    private var seen = DigestSet()

    init(_ keys: DedupeKeys) {
        self.keys = keys
    }

    func apply(_ batch: Batch) throws -> Transformed {
        let digests = keys.digests(of: batch)
        let result = Transformed(of: batch, digests) { row in digests[row].map { seen.insert($0) } ?? true }
        try keys.check(seen.count)
        return result
    }
}

extension Transformed {
    /// The rows that are kept; for each of the others that of its digest stands.
    init(of batch: Batch, _ digests: [DigestSet.Element?], keeping isKept: (_ row: Int) -> Bool) {
        var kept: [Int] = []
        kept.reserveCapacity(batch.rowCount)
        var standing: [Int: RowGroup] = [:]
        var superseded: [Int: RowGroup] = [:]
        for row in 0..<batch.rowCount {
            let isKept = isKept(row)
            if isKept { kept.append(row) }
            guard let digest = digests[row] else { continue }
            let group = RowGroup(digest.first, digest.second)
            if isKept {
                standing[batch.origin(of: row)] = group
            } else {
                superseded[batch.origin(of: row)] = group
            }
        }
        self.init(
            kept.count < batch.rowCount ? batch.keeping(kept) : batch,
            filtered: batch.rowCount - kept.count
        )
        self.standing = [standing]
        self.superseded = superseded
    }
}
