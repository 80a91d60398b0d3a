public import RollcallCore

/// A sink with settings, and rows for it; for the conformance suite, which fills the destination and empties it.
public struct SinkSample: Sendable {
    let type: any Sink.Type
    let settings: ConfigurationNode
    let columns: [Schema.Column]
    let rows: [[String?]]

    /// Rows that are refused, by the sink or by its destination; their keys are none of the others'.
    public var refused: [[String?]] = []
    /// Whether the destination is not there at first, and making it is the sink's business.
    public var beginsAbsent = false
    /// What is at the destination, seen by other means; nil where the sink itself must be asked, or nobody can.
    public var contents: (@Sendable () async throws -> [[String?]])?

    /// - Parameters:
    ///   - type: The sink.
    ///   - settings: As they would stand in a pipeline file.
    ///   - columns: What is delivered.
    ///   - rows: At least three, with different keys and with values that differ in each column; among them NULL and empty values,
    ///     letters of all kinds, quotes and line ends.
    public init(
        _ type: any Sink.Type,
        _ settings: ConfigurationNode,
        columns: [Schema.Column],
        rows: [[String?]]
    ) {
        self.type = type
        self.settings = settings
        self.columns = columns
        self.rows = rows
    }

    /// The promises that the sink breaks, each with what showed it.
    public func breaches() async -> [Breach<SinkPromise>] {
        await SinkSuite(self).run()
    }
}
