/// What went wrong with the place where Rollcall keeps its state.
///
/// `description` is safe to log.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
    /// What happened, and where.
    public let message: String
    /// The way out.
    public let hint: String?
    /// What a program said, such as the last lines of the server's log.
    public let output: String?

    public init(_ message: String, hint: String? = nil, output: String? = nil) {
        self.message = message
        self.hint = hint
        self.output = output
    }

    public var description: String {
        var text = message
        if let output, !output.isEmpty {
            text += "\n" + output.split(separator: "\n").map { "  | \($0)" }.joined(separator: "\n")
        }
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}
