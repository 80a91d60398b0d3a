/// A step between source and sink: rows in, rows out, in the same order.
///
/// `expectConformance` in RollcallTestSupport checks what is promised here.
public protocol Transform: Sendable {
    static var spec: ComponentSpec { get }

    /// - Throws: a configuration error for faults that the spec alone cannot see.
    init(_ settings: Settings) throws

    /// Whether what becomes of a row depends on the rows before it: then every run reads the source from its beginning.
    ///
    /// A run that went on from a checkpoint would not see the rows before that, and take others for the first.
    var needsAllRows: Bool { get }

    /// Whether it lets one of several rows through that may be of one person: then a row that is missing or cannot be read may be the one
    /// that counts.
    var choosesAmongRows: Bool { get }

    /// Whether it opens a `SurveyingStep`: then every run reads the source once more than it would.
    var surveysRows: Bool { get }

    /// The source of a table that the step reads besides the rows; nil where there is none.
    var table: Component<any Source>? { get }

    /// Reads what the step needs besides the rows.
    ///
    /// Asked once for a run, before the source is opened: whatever the run does with its rows goes by the same reading.
    ///
    /// - Parameter table: The step's `table`, or what takes its place in a case of the pipeline file.
    /// - Returns: The step that knows it, whose `outputSchema` is exact. Only such a one is opened.
    /// - Throws: a preflight error where it cannot be read or is not as it should be; no row was read then.
    func prepared(reading table: Component<any Source>?) async throws -> any Transform

    /// A digest of what a prepared step goes by besides its settings and the rows, such as its table; nil where there is nothing.
    ///
    /// Where another run finds another digest, it reads the source from its beginning: rows that have not changed may come out
    /// otherwise.
    var contentDigest: [UInt8]? { get }

    /// What was odd about what a prepared step has read, for a person; none where nothing was.
    var remarks: [String] { get }

    /// Checks what a prepared step has read; not asked for cases of the pipeline file, whose rows are made up.
    ///
    /// - Throws: a preflight error where it is not as it should be; no row was read then.
    func checkContent() throws

    /// Checks the step against the columns before it and says which columns follow it.
    ///
    /// - Parameter input: Nil while the columns are not known, as before the source was asked; then as much is
    ///   checked as can be.
    /// - Returns: Nil when the columns cannot be known yet. Without `input` the names count, and the types may be others.
    /// - Throws: a configuration error with the place in the file.
    func outputSchema(for input: Schema?) throws -> Schema?

    /// The columns before it that the step needs, so that a source can leave out the others.
    ///
    /// - Parameters:
    ///   - input: All columns before it.
    ///   - output: The columns after it that will be looked at.
    /// - Returns: At least those without which `open` or `apply` would fail, or make something else of `output`.
    /// - Throws: a configuration error with the place in the file.
    func columns(of input: Schema, neededFor output: Set<String>) throws -> Set<String>

    /// Makes a prepared step ready for batches with these columns.
    func open(_ input: Schema) throws -> any TransformStep
}

extension Transform {
    public var needsAllRows: Bool { false }
    public var choosesAmongRows: Bool { false }
    public var surveysRows: Bool { false }
    public var table: Component<any Source>? { nil }
    public func prepared(reading table: Component<any Source>?) async throws -> any Transform { self }
    public var contentDigest: [UInt8]? { nil }
    public var remarks: [String] { [] }
    public func checkContent() throws {}

    /// All of them.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> { Set(input.names) }
}

/// A transform made ready for one reading of the source.
///
/// Used by one task, batch after batch in the source's order. What becomes of a row does not depend on where one batch ends and the
/// next begins.
public protocol TransformStep: AnyObject {
    /// Takes a batch that has the columns the step was opened with.
    ///
    /// What comes of it is made from the batch, by `replacing` and `keeping`: so it knows its position, and its rows their origin.
    ///
    /// - Throws: what ends the run. A value that the step can make nothing of is no such thing: it refuses its row.
    func apply(_ batch: Batch) throws -> Transformed

    /// What is odd about the rows so far, for a person who looks at the first ones; none where nothing is.
    var remarks: [String] { get }
}

extension TransformStep {
    public var remarks: [String] { [] }
}

/// A step that must see all rows before the first one goes on: for it the source is read once more, in one state of its data.
public protocol SurveyingStep: TransformStep {
    /// Sees the rows that `apply` is given later, batch after batch in the source's order; how they are cut into batches may differ.
    func survey(_ batch: Batch) throws

    /// Called once all rows were seen, and again before any further reading: `apply` is given the first of them next.
    func begin() throws
}

/// What a step made of a batch.
///
/// Rows in = rows of `batch` + `filtered` + `invalid`.
public struct Transformed: Sendable {
    public var batch: Batch
    public var filtered: Int
    public var invalid: [RowFault]
    /// Of the filtered rows those for which another row stands, by their `origin`, each with what they have in common: what becomes of a
    /// contact of theirs depends on what becomes of that row.
    public var superseded: [Int: RowGroup] = [:]
    /// The rows that stand for others, or would if there were any, by their `origin`; behind several steps for each of them.
    public var standing: [[Int: RowGroup]] = []
    /// For each column how many values were not valid and became NULL, because the settings want that.
    ///
    /// A run tells their number, as it tells of nothing else that they were there.
    public var nulled: [String: Int] = [:]

    public init(_ batch: Batch, filtered: Int = 0, invalid: [RowFault] = []) {
        self.batch = batch
        self.filtered = filtered
        self.invalid = invalid
    }
}

/// Rows of which one stands for the others, by a digest of what they have in common.
public struct RowGroup: Sendable, Hashable {
    private let first: UInt64
    private let second: UInt64

    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }
}

/// Why one row was refused.
public struct RowFault: Sendable, Hashable {
    /// From a transform: `origin(of:)` the row.
    ///
    /// From a sink: the row's index in the delivered batch.
    public let row: Int
    /// Stable and fit for grouping: `value_too_long`.
    public let code: String
    /// For a person; names columns and limits, never values.
    public let reason: String

    public init(row: Int, code: String, reason: String) {
        self.row = row
        self.code = code
        self.reason = reason
    }
}
