internal import RollcallCore

/// Why a value, or the row it is in, is refused.
struct Refusal {
    /// Stable and fit for grouping: `value_too_long`.
    let code: String
    /// For a person; follows the name of a column where it is about one, and tells no value.
    let reason: String
}

/// The rows of a batch that a step refuses, each for the first reason that was found, and the values that it made NULL instead.
struct Refusals {
    private var refusals: [Int: Refusal] = [:]
    private var nulled: [String: Int] = [:]

    mutating func refuse(_ row: Int, _ refusal: Refusal) {
        if refusals[row] == nil { refusals[row] = refusal }
    }

    mutating func refuse(_ row: Int, column: String, _ refusal: Refusal) {
        refuse(row, Refusal(code: refusal.code, reason: "\"\(column)\" \(refusal.reason)"))
    }

    /// Takes note of a value of the column that was not valid and is NULL now.
    mutating func noteNull(column: String) {
        nulled[column, default: 0] += 1
    }

    /// The batch without the rows that were refused.
    func applied(to batch: Batch) -> Transformed {
        var transformed = remaining(of: batch)
        transformed.nulled = nulled
        return transformed
    }

    private func remaining(of batch: Batch) -> Transformed {
        guard !refusals.isEmpty else { return Transformed(batch) }
        let kept = (0..<batch.rowCount).filter { refusals[$0] == nil }
        let faults = refusals.sorted { $0.key < $1.key }.map { row, refusal in
            RowFault(row: batch.origin(of: row), code: refusal.code, reason: refusal.reason)
        }
        return Transformed(batch.keeping(kept), invalid: faults)
    }
}
