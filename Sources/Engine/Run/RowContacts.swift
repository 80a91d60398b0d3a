internal import RollcallCore
internal import RollcallLedger

/// The contacts that rows make: ids and digests, worked out before the ledger is looked into.
struct RowContacts {
    /// The ids of all rows, one behind the other; of a row without a key none.
    private(set) var ids: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    /// Of the ids, as the ledger has them.
    private(set) var hashes: [Int] = []
    /// Of the rows.
    private(set) var digests: [RowDigest] = []

    init(of batch: Batch, _ identity: RowIdentity, _ rowDigester: RowDigester) {
        ranges.reserveCapacity(batch.rowCount)
        hashes.reserveCapacity(batch.rowCount)
        digests.reserveCapacity(batch.rowCount)
        batch.withPinnedColumns { columns in
            let keys = columns[identity.keyColumn]
            for row in 0..<batch.rowCount {
                let start = ids.count
                if keys[row].count > 0 { keys.withBytes(of: row) { identity.appendID($0, &ids) } }
                ranges.append(start..<ids.count)
                hashes.append(Ledger.hash(of: ids.span.extracting(start..<ids.count)))
                digests.append(rowDigester.digest(row: row, of: columns))
            }
        }
    }
}
