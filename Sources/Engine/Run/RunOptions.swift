public import RollcallCore

/// What a person asks of one run, beyond what the pipeline file says.
public struct RunOptions: Sendable {
    /// Reads the source from its beginning, whether that is due or not.
    public var sweeps = false
    /// In place of the pipeline's `max_removed`; allows that the source is empty, too.
    public var maximumRemoved: Allowance?
    /// Allows that a source is empty that had rows in the last run.
    public var allowsEmptySources = false

    public init() {}
}
