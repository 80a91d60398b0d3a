internal import Crypto
internal import RollcallCore

/// The columns by which rows are the same, and how many different values of them there may be.
struct DedupeKeys {
    let columns: [Int]
    let maximumCount: Int
    let overflow: RollcallError

    /// The first 128 bits of a SHA-256 of a row's values, each behind its length; nil for a row that is like no other.
    func digest(_ row: Int, _ columns: [PinnedColumn]) -> DigestSet.Element? {
        guard columns.contains(where: { $0[row].count > 0 }) else { return nil }
        var hash = SHA256()
        for column in columns {
            unsafe withUnsafeBytes(of: UInt32(column[row].count)) { unsafe hash.update(bufferPointer: $0) }
            column.withBytes(of: row) { bytes in
                unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            }
        }
        return unsafe hash.finalize().withUnsafeBytes { bytes in
            DigestSet.Element(
                first: unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                second: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
    }

    /// The digest of each row.
    func digests(of batch: Batch) -> [DigestSet.Element?] {
        batch.withPinnedColumns { pinned in
            let columns = columns.map { pinned[$0] }
            return (0..<batch.rowCount).map { digest($0, columns) }
        }
    }

    func check(_ count: Int) throws {
        guard count <= maximumCount else { throw overflow }
    }
}
