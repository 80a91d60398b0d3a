public import RollcallCore

/// What a run tells those who watch it.
///
/// Never about a single row.
public enum RunEvent: Sendable {
    /// The source and the sink are open.
    case started(RunStart)
    /// Rows were settled and recorded; the balance so far.
    case progressed(Balance)
    case notice(SinkNotice)
    /// A stop was requested; as many deliveries are still under way.
    case stopping(deliveriesUnderWay: Int)
}

/// What is known when the first row is about to be read.
public struct RunStart: Sendable {
    public let run: Int
    /// Nil when the source begins anew.
    public let position: Position?
    /// About how many rows are to come; nil where the source cannot say.
    public let estimatedRowCount: Int?
}

/// How a run ended that did not throw.
public struct RunReport: Sendable {
    public let run: Int
    public let balance: Balance
    /// A stop was requested before the source's end; the next run goes on from the checkpoint.
    public let wasStopped: Bool
    public let duration: Duration
    /// From the start to the first answer of the sink; nil where nothing was delivered.
    public let firstDelivery: Duration?
    /// Rows that are not on the list as they should be, refused by this run or by earlier ones.
    public let openRejects: Int
    /// Values of the rows that were read which became NULL because they were not valid.
    public let nulled: [NulledValues]
    /// Rows that count as duplicates because a row that may be of the same person, and say otherwise, could not be read.
    public let heldBack: Int
}

extension SinkNotice {
    /// Why no contact is removed.
    init(unidentified count: Int) {
        self.init(
            """
            \(count) \(count == 1 ? "row" : "rows") could not be read or without a key, and nobody knows whose: contacts that no row \
            makes stay as they are, as one of these may be theirs
            """,
            isWarning: true
        )
    }
}
