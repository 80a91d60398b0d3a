internal import RollcallCore

extension RollcallError {
    /// Nil unless every row of a whole source was refused: then not the rows are wrong, but how they are read.
    init?(allRefused balance: Balance, of pipeline: String) {
        guard balance.read > 0, balance.invalid + balance.rejected == balance.read else { return nil }
        self.init(
            .tooManyRejects,
            "not one of \(balance.read) rows reached the list",
            hint: """
                `rollcall rejects list \(pipeline)` shows why; mend the pipeline or the source, or set `max_rejects: 100%` if \
                that may be
                """
        )
    }

    /// Nil where the pipeline allows as many rejects as there are.
    init?(tooManyRejects balance: Balance, allowed: Allowance, of pipeline: String) {
        let count = balance.invalid + balance.rejected
        guard !allowed.admits(count, of: balance.read) else { return nil }
        self.init(
            .tooManyRejects,
            "\(count) of \(balance.read) rows did not reach the list, and `max_rejects` allows \(allowed)",
            hint: """
                what was settled is recorded; see `rollcall rejects list \(pipeline)`, mend the rows or the pipeline, \
                or allow more
                """
        )
    }
}
