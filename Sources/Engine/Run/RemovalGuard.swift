internal import RollcallCore

/// Stops a run that would remove contacts whom nobody wants removed: a wrong filter or an empty source looks like people who left.
struct RemovalGuard: Sendable {
    /// How far the run has come when the guard stops it.
    enum Moment {
        case beforeDeliveries
        case afterDeliveries
    }

    private let pipeline: Pipeline
    private let options: RunOptions
    private let isFullPass: Bool
    /// What sees the same once more.
    private let command: String

    /// A guard of a run, unless `command` is something else.
    init(_ pipeline: Pipeline, _ options: RunOptions, isFullPass: Bool, command: String? = nil) {
        self.command = command ?? "rollcall run \(pipeline.file)\(isFullPass ? " --sweep" : "")"
        self.pipeline = pipeline
        self.options = options
        self.isFullPass = isFullPass
    }

    /// Whether somebody allowed for this run that sources are empty.
    private var mayBeEmpty: Bool { options.maximumRemoved != nil || options.allowsEmptySources }

    /// - Parameters:
    ///   - count: The contacts that it would remove, or that would have no row any more.
    ///   - whole: The contacts of which these are a part.
    ///   - read: The rows that were read.
    ///   - emptySources: Those of a list that have no row.
    ///   - moment: How far it has come.
    /// - Returns: Why it must not go on, or nil where it may.
    func verdict(
        removing count: Int,
        of whole: Int,
        read: Int,
        emptySources: [String] = [],
        _ moment: Moment
    ) -> RollcallError? {
        if isFullPass, read == 0, whole > 0, !mayBeEmpty {
            return RollcallError(
                .guarded,
                "the source is empty, and \(whole) contacts are on the list; none was removed",
                hint: """
                    if the source is to be empty, run once `\(command) --max-removed \(whole)`; else look at what fills it
                    """
            )
        }
        if isFullPass, pipeline.removal != nil, count > 0, !emptySources.isEmpty, !mayBeEmpty {
            let names = emptySources.map { "`\($0)`" }.joined(separator: ", ")
            return RollcallError(
                .guarded,
                "of the sources \(names) \(emptySources.count == 1 ? "is" : "are") empty, and \(count) contacts have left; none was removed",
                hint: """
                    if that is as it should be, run once `\(command) --allow-empty --max-removed \(count)`; else look at what fills \
                    what is empty
                    """
            )
        }
        let allowed = options.maximumRemoved ?? pipeline.maximumRemoved
        guard pipeline.removal != nil, !allowed.admits(count, of: whole) else { return nil }
        let done =
            switch moment {
            case .beforeDeliveries: "nothing was sent, and none was removed"
            case .afterDeliveries: "what was read is delivered, and none was removed"
            }
        return RollcallError(
            .guarded,
            """
            \(count) of \(whole) contacts have left the source or no longer pass the transforms, and `max_removed` allows \
            \(allowed); \(done)
            """,
            hint: """
                if that is as it should be, run once `\(command) --max-removed \(count)`; else look at the source and at the \
                filters first
                """
        )
    }
}
