/// One fault: what is wrong, of which component, at which place of which file, and the way out.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    public let message: String
    public let hint: String?
    public let component: String?
    public let location: SourceLocation?

    public init(_ message: String, hint: String? = nil, of component: String? = nil, at location: SourceLocation? = nil)
    {
        self.message = message
        self.hint = hint
        self.component = component
        self.location = location
    }

    /// `pipelines/daily.yaml:7: source csv: message`, and the hint on a line of its own.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let subject = component.map { "\($0): " } ?? ""
        let wayOut = hint.map { "\n  hint: \($0)" } ?? ""
        return place + subject + message + wayOut
    }

    func attributed(to component: String, at location: SourceLocation?) -> Problem {
        Problem(message, hint: hint, of: self.component ?? component, at: self.location ?? location)
    }
}

/// A line of a file, counted from one.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    public let file: String
    public let line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public var description: String { "\(file):\(line)" }
}
