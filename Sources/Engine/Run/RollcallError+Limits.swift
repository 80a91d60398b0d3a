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

    /// A guard against removals that nobody wants.
    init(removing count: Int, of whole: Int, allowed: Allowance, of parts: RunParts) {
        self.init(
            .guarded,
            """
            \(count) of \(whole) contacts have left the source or no longer pass the transforms, and `max_removed` allows \
            \(allowed); none was removed
            """,
            hint: """
                if that is as it should be, run once `\(Self.run(parts)) --max-removed \(count)`; else look at the source \
                and at the filters first
                """
        )
    }

    init(emptySourceOf parts: RunParts, contacts: Int) {
        self.init(
            .guarded,
            "the source is empty, and \(contacts) contacts are on the list; none was removed",
            hint: """
                if the source is to be empty, run once `\(Self.run(parts)) --max-removed \(contacts)`; else look at what \
                fills it
                """
        )
    }

    /// The command that sees what this run saw.
    private static func run(_ parts: RunParts) -> String {
        "rollcall run \(parts.pipeline.file)\(parts.isFullPass ? " --sweep" : "")"
    }
}
