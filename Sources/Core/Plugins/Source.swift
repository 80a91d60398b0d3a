/// Where rows come from.
///
/// The engine makes one value from the settings, then calls `open` once per run and pulls batches until nil.
/// Making the value touches no network: `rollcall validate` does it too.
///
/// `expectConformance` in RollcallTestSupport checks what is promised here.
public protocol Source: Sendable {
    static var spec: ComponentSpec { get }

    /// - Throws: a configuration error for faults that the spec alone cannot see.
    init(_ settings: Settings) throws

    /// The columns that identify a row, in the order of the settings; names the row in rejects.
    var keyColumns: [String] { get }

    /// The columns where they are known without asking the source; nil otherwise.
    var declaredSchema: Schema? { get }

    /// Whether rows come in one order each time they are read, as long as nobody changes them.
    var keepsOrder: Bool { get }

    /// The type of a column that `declaredSchema` does not have; nil where only the data tells it.
    var undeclaredType: LogicalType? { get }

    /// What the data has where a row says nothing of a column; nil is NULL.
    var absentValue: String? { get }

    /// What a row has in a column in which the data has this value; nil is NULL.
    ///
    /// A source that has defaults, or takes some values for NULL, says so here: cases of pipeline files go by it.
    func value(_ text: String?, of column: String) -> String?

    /// Whether it can be opened more than once, and its rows be read again; else it is gone once it was read, as standard input is.
    var canBeReadAgain: Bool { get }

    /// Opens the source and finds its columns; what is read later is one consistent state of the data.
    ///
    /// - Parameters:
    ///   - position: As it was stored; nil for the beginning. Behind that of a batch follow exactly the rows behind the batch. Where
    ///     the data has changed so that nobody can tell which these are, and behind a final position, rows that were settled may
    ///     follow again; those that were not always do. What is no position of this source is a configuration error.
    ///   - choose: Told all columns that the source has, says which will be looked at. The others need not be read: where
    ///     they are left out, the reader's schema is without them, in the same order. Key columns always stay.
    /// - Returns: The open source, before its first row.
    /// - Throws: a preflight error when the source is not there or may not be read, or what `choose` throws; nothing was
    ///   started then.
    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader
}

extension Source {
    public var keepsOrder: Bool { true }
    public var undeclaredType: LogicalType? { nil }
    public var absentValue: String? { nil }
    public func value(_ text: String?, of column: String) -> String? { text }
    public var canBeReadAgain: Bool { true }
}

/// A source in the middle of being read.
///
/// Used by one task at a time.
public protocol SourceReader: Sendable {
    var schema: Schema { get }

    /// About how many rows are to come, for progress and time left; nil where it would be costly to know.
    var estimatedRowCount: Int? { get }

    /// Whether it is certain that each key has one row, as the primary key of a table makes it; then the engine need not remember the
    /// keys that it has met.
    var keysAreUnique: Bool { get }

    /// What the source cannot promise, for a person, each with the way out; none where nothing is in doubt.
    var reservations: [String] { get }

    /// The actor on whose thread the reader's calls block, where there is one: whoever makes several calls in a row makes them from there,
    /// as each way there and back costs as much as some hundred rows.
    var actor: (any Actor)? { get }

    /// The next rows in the source's order, or nil after the last, also when asked again; reads at most a few batches ahead of the
    /// caller.
    ///
    /// A batch has at least one row, and at most as many as are asked for; rows that cannot be read count. Which rows there are, which
    /// cannot be read, and the order of either do not depend on the size of the batches.
    ///
    /// A reading that was cancelled goes on or throws: nil would say that the rows to come are gone. After an error the reader is only
    /// good for `close()`.
    func next(atMost rowCount: Int) async throws -> Batch?

    /// The rows that have these values in the source's key columns, each once, in the state of the data that `next` reads, in no
    /// particular order; keys that the source does not have are left out.
    ///
    /// Asked only before the first `next`, and after `next` gave nil.
    ///
    /// - Returns: A batch without a position, or nil where the source cannot look rows up. Its `unreadable` are the rows among
    ///   them that could not be read, and those of which nobody knows whose they are.
    func rows(withKeys keys: [[String]]) async throws -> Batch?

    /// Goes back to where the reader was opened, for another reading of the same state of the data.
    ///
    /// Asked only before the first `next`, and after `next` gave nil.
    ///
    /// - Returns: False where the rows can be read only once.
    /// - Throws: where that state is gone; where it changes unseen, no later than when `next` would give nil again.
    func rewind() async throws -> Bool

    /// The position to keep once *every* row of the run is settled; later runs start from it.
    ///
    /// Asked only after `next` gave nil. Nil keeps nothing: the next run reads everything.
    func finalPosition() async throws -> Position?

    /// What was odd about the rows that were read, for a person; none where nothing was.
    ///
    /// Asked only after `next` gave nil.
    func remarks() async -> [String]

    /// Frees what the reader holds; called once, at any point, also after an error.
    func close() async
}

extension SourceReader {
    public var keysAreUnique: Bool { false }

    public var reservations: [String] { [] }

    public var actor: (any Actor)? { nil }

    public func remarks() async -> [String] { [] }

    public func rewind() async throws -> Bool { false }

    public func rows(withKeys keys: [[String]]) async throws -> Batch? { nil }
}
