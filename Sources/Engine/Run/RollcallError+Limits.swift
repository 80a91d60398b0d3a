internal import RollcallCore

extension RollcallError {
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
