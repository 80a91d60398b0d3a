/// Where rows go.
///
/// Delivery is at least once: after a crash the engine delivers again what it could not record as settled. A sink whose rows have an
/// identity must therefore be idempotent by it: the same row delivered twice leaves the destination as after the first time.
///
/// `expectConformance` in RollcallTestSupport checks what is promised here.
public protocol Sink: Sendable {
    static var spec: ComponentSpec { get }

    /// What can be done with a row at the destination once it has left the source; none where its rows stay for ever.
    static var removals: Set<Removal> { get }

    /// Whether rows go to standard output: then nothing else does.
    var usesStandardOutput: Bool { get }

    /// - Throws: a configuration error for faults that the spec alone cannot see.
    init(_ settings: Settings) throws

    /// Checks the settings against the columns that would be delivered, without asking the destination.
    ///
    /// - Parameter schema: Nil while the columns are not known.
    /// - Throws: a configuration error with the place in the file.
    func check(_ schema: Schema?) throws

    /// The rows that `SinkWriter.deliver` would refuse as invalid, whatever the destination says.
    ///
    /// - Throws: what `check` throws for the batch's columns.
    func refusals(of batch: Batch) throws -> [RowFault]

    /// Looks whether rows with these columns fit the destination as it is now, and changes nothing there.
    ///
    /// - Parameters:
    ///   - schema: The columns.
    ///   - report: Hears what a person may want to know, such as that a run would make the destination.
    /// - Throws: a preflight error that names what does not fit, or what is missing to look.
    func inspect(_ schema: Schema, report: @escaping @Sendable (SinkNotice) -> Void) async throws

    /// Reads the destination, makes it if it is absent and `context` lets it, and compares the columns; called before the first row.
    ///
    /// A destination that is absent where it must not be made is a preflight error.
    ///
    /// - Throws: a preflight error that names what is missing; no row was sent.
    func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter
}

extension Sink {
    public static var removals: Set<Removal> { [] }

    public func refusals(of batch: Batch) -> [RowFault] { [] }

    public var usesStandardOutput: Bool { false }

    public func inspect(_ schema: Schema, report: @escaping @Sendable (SinkNotice) -> Void) async throws {}
}

/// What becomes of a row at the destination once it has left the source.
public enum Removal: String, Sendable, Hashable, CaseIterable {
    /// It stays where it is, but nobody is called for it any more.
    case uncallable
    case delete
}

/// A destination that is ready for rows.
///
/// `deliver` is called from several tasks at the same time.
public protocol SinkWriter: Sendable {
    /// The most rows `deliver` takes.
    var rowsPerDelivery: Int { get }

    /// Whether rows wait for others until a delivery is full, as each costs the destination about the same; else batches are delivered as
    /// they come, which spares copying them. Where rows have an identity, they always wait.
    var fillsDeliveries: Bool { get }

    /// How many deliveries may be under way, or delivered and not yet recorded; at least 2. A crash repeats at most as many.
    var deliveriesInFlight: Int { get }

    /// How the destination tells rows apart: no two deliveries at the same time share a key, and no two rows of a delivery.
    ///
    /// Nil where rows have no identity; then nothing is known of what was delivered before, and every row is delivered.
    var identity: RowIdentity? { get }

    /// Delivers the rows; returns when every one of them is settled.
    ///
    /// - Parameters:
    ///   - batch: The rows.
    ///   - returning: Rows that were made uncallable by `remove`, and are back: they can be called again.
    /// - Returns: Only the rows that are not at the destination, with the reasons. All others are.
    /// - Throws: when it cannot be known or helped that rows are missing; the run ends, and repeats them next time.
    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport

    /// How the rows with these ids stand at the destination; those that are not there are left out.
    func standings(of ids: [String]) async throws -> [String: Standing]

    /// How long to wait before each look whether `remove` took place, in order: `standings` may lag behind it.
    var pausesBeforeLooks: [Duration] { get }

    /// Removes rows, or as many of them as the destination lets go; `standings` tells which.
    func remove(_ ids: [String], by removal: Removal) async throws

    /// Hands over every row that is at the destination now, in any order, whoever put it there.
    ///
    /// - Parameter receive: Takes one row; it is not called from two threads at once, and what it throws is thrown here.
    /// - Returns: False, and nothing is handed over, where the destination cannot tell what it has.
    /// - Throws: what `receive` throws, or an error of the destination; then some rows were not handed over.
    func export(_ receive: @escaping @Sendable (HeldRow) throws -> Void) async throws -> Bool

    /// The rows with these ids as they are at the destination now; those that are not there are left out.
    func heldRows(of ids: [String]) async throws -> [HeldRow]

    /// Frees what the writer holds; called once, also after an error, when no delivery is under way.
    func close() async
}

extension SinkWriter {
    public var fillsDeliveries: Bool { true }
    public func standings(of ids: [String]) async throws -> [String: Standing] { [:] }
    public var pausesBeforeLooks: [Duration] { [.zero] }
    public func remove(_ ids: [String], by removal: Removal) async throws {}
    public func export(_ receive: @escaping @Sendable (HeldRow) throws -> Void) async throws -> Bool { false }
    public func heldRows(of ids: [String]) async throws -> [HeldRow] { [] }
}

/// How a destination tells its rows apart.
public struct RowIdentity: Sendable {
    /// What the ids are unique in, such as the id of a contact list; it changes when the destination is made anew.
    public let destination: String
    /// The column whose value becomes a row's id.
    public let keyColumn: Int
    /// Whether the destination takes NULL for the empty text.
    public let nullIsEmpty: Bool
    /// Appends the id of a key that is not empty: the same at any time, different for different keys, 1 to 255 bytes.
    public let appendID: @Sendable (Span<UInt8>, inout [UInt8]) -> Void

    public init(
        destination: String,
        keyColumn: Int,
        nullIsEmpty: Bool,
        appendID: @escaping @Sendable (Span<UInt8>, inout [UInt8]) -> Void
    ) {
        self.destination = destination
        self.keyColumn = keyColumn
        self.nullIsEmpty = nullIsEmpty
        self.appendID = appendID
    }
}

/// How a row stands at the destination.
public enum Standing: Sendable, Hashable {
    case callable
    /// There, but nobody is called for it, for whatever reason.
    case uncallable
}

/// A row as the destination has it; `values` are personal.
public struct HeldRow: Sendable {
    public let id: String
    /// In the order of the columns that the sink was opened with; the empty text where the destination knows no NULL.
    public let values: [String?]
    /// Nil where the destination does not say.
    public let isCallable: Bool?

    public init(id: String, values: [String?], isCallable: Bool?) {
        self.id = id
        self.values = values
        self.isCallable = isCallable
    }
}

extension HeldRow: CustomStringConvertible, CustomReflectable {
    /// Without the values, so that no log and no failed test shows a person's name or number.
    public var description: String { "row with \(values.count) columns" }
    public var customMirror: Mirror { Mirror(self, children: ["columns": values.count]) }
}

/// The rows of a delivery that are not at the destination.
public struct DeliveryReport: Sendable {
    /// Refused by the sink before anything was sent.
    public var invalid: [RowFault]
    /// Refused by the destination.
    public var rejected: [RowFault]

    public init(invalid: [RowFault] = [], rejected: [RowFault] = []) {
        self.invalid = invalid
        self.rejected = rejected
    }
}

/// What the engine lends to a sink.
public struct SinkContext: Sendable {
    /// Whether the run goes on from a checkpoint: then the destination must hold what earlier runs delivered, and a new, empty
    /// one would stay incomplete.
    public let isResuming: Bool
    /// Whether the destination is only looked at: then one that is absent is not made.
    public let isLooking: Bool
    /// Tells the person or the log about a wait, a retry or a list that was made; never about a row.
    public let report: @Sendable (SinkNotice) -> Void

    public init(isResuming: Bool, isLooking: Bool = false, report: @escaping @Sendable (SinkNotice) -> Void) {
        self.isResuming = isResuming
        self.isLooking = isLooking
        self.report = report
    }
}

/// Something a person may want to know while it happens.
public struct SinkNotice: Sendable, Hashable {
    /// Whether we recovered from something (warning) or it is news.
    public let isWarning: Bool
    public let message: String

    public init(_ message: String, isWarning: Bool = false) {
        self.message = message
        self.isWarning = isWarning
    }
}
