public import RollcallCore

/// A step with settings, and rows that it makes something of; for the conformance suite, which adds awkward values of its own.
///
/// A good sample has rows for each thing that can become of one.
public struct TransformSample: Sendable {
    let type: any Transform.Type
    let settings: ConfigurationNode
    /// The step, with what it needs besides the rows; nil for one that is made from the settings alone.
    let prepared: (any Transform)?
    let columns: [Schema.Column]
    let rows: [[String?]]

    /// - Parameters:
    ///   - type: The step.
    ///   - settings: As they would stand in a pipeline file.
    ///   - columns: The columns before it; have some that the step makes nothing of, too.
    ///   - rows: One at least.
    public init(
        _ type: any Transform.Type,
        _ settings: ConfigurationNode,
        columns: [Schema.Column],
        rows: [[String?]]
    ) {
        self.type = type
        self.settings = settings
        prepared = nil
        self.columns = columns
        self.rows = rows
    }

    /// A step that has read what it needs besides the rows, with its settings, and columns and rows as above.
    public init(
        prepared step: any Transform,
        _ settings: ConfigurationNode,
        columns: [Schema.Column],
        rows: [[String?]]
    ) {
        type = Swift.type(of: step)
        self.settings = settings
        prepared = step
        self.columns = columns
        self.rows = rows
    }

    /// The promises that the step breaks, each with what showed it.
    public func breaches() -> [Breach<TransformPromise>] {
        TransformSuite(self).run()
    }
}
