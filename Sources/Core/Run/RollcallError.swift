/// What went wrong, where, and what to do about it.
///
/// `description` holds no secret and no personal data.
public struct RollcallError: Error, Sendable, CustomStringConvertible {
    /// What the caller must do; the engine and the exit code go by this alone.
    public enum Disposition: Sendable, Hashable {
        /// The pipeline file or the environment must be mended; nothing was started.
        case configuration
        /// The other side is not as the pipeline needs it (a permission, a column, a table); no row was sent.
        case preflight
        /// Someone else is at it; the same call may go through later.
        case busy
        /// A guard stopped the run before it removed anything.
        case guarded
        /// More rows were refused than the pipeline allows; what was settled is kept.
        case tooManyRejects
        /// The run ended; what was settled is kept, and the next run goes on from there.
        case fatal
    }

    public let disposition: Disposition
    /// At least one; a configuration error names all that is wrong, not the first.
    public let problems: [Problem]
    /// What a library or a server said, for the log at debug level; not shown.
    public let cause: (any Error)?

    public init(_ disposition: Disposition, problems: [Problem], cause: (any Error)? = nil) {
        self.disposition = disposition
        self.problems = problems
        self.cause = cause
    }

    public init(
        _ disposition: Disposition,
        _ message: String,
        hint: String? = nil,
        at location: SourceLocation? = nil,
        cause: (any Error)? = nil
    ) {
        self.init(disposition, problems: [Problem(message, hint: hint, at: location)], cause: cause)
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }

    /// The same error, said of a component (`source postgres`) at a place of the pipeline file, where it has none yet.
    public func attributed(to component: String, at location: SourceLocation?) -> RollcallError {
        RollcallError(
            disposition,
            problems: problems.map { $0.attributed(to: component, at: location) },
            cause: cause
        )
    }
}
