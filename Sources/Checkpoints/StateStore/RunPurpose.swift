/// What a pipeline is held for.
public enum RunPurpose: String, Sendable, Hashable, CaseIterable {
    /// To bring the destination up to date; only these are shown as runs of the pipeline.
    case sync
    /// To compare the destination with the source; no position changes.
    case reconcile
    /// To forget a person; no position changes.
    case erase
}
