internal import ArgumentParser
internal import RollcallCore

/// What a person allows a run to remove.
struct RemovalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "For this run, in place of `max_removed`: a number or a percentage.",
            discussion: "Allows an empty source, too.",
            valueName: "limit"
        ),
        transform: { text in
            guard let allowance = Allowance(text) else { throw ValidationError("must be a number or a percentage") }
            return allowance
        }
    )
    var maxRemoved: Allowance?
}
