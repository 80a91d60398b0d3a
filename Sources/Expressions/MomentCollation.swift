internal import CSQLite

/// The collation of date and timestamp columns.
let momentCollation = "moment"

extension SQLiteDatabase {
    /// Compares dates and timestamps as points in time, however they are written; what is none compares by its bytes.
    func addMomentCollation() throws {
        try check(
            unsafe sqlite3_create_collation_v2(
                handle,
                momentCollation,
                SQLITE_UTF8,
                nil,
                { _, count, one, otherCount, other in
                    let left = unsafe UnsafeRawBufferPointer(start: one, count: Int(count))
                    let right = unsafe UnsafeRawBufferPointer(start: other, count: Int(otherCount))
                    return unsafe compare(left, right)
                },
                nil
            )
        )
    }
}

private func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
    if let one = unsafe Moment(left), let other = unsafe Moment(right) {
        return one < other ? -1 : other < one ? 1 : 0
    }
    if unsafe left.lexicographicallyPrecedes(right) { return -1 }
    return unsafe right.lexicographicallyPrecedes(left) ? 1 : 0
}
