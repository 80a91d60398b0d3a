/// A row of an exported contact list; `values` are personal.
public struct ExportedContact: Sendable, Equatable {
    public internal(set) var id: String
    /// One for each column asked for, in that order; empty where the contact has none.
    public internal(set) var values: [String]
    /// False once the dialler must not call the contact any more; nil if the export does not say.
    public internal(set) var isCallable: Bool?
}

extension ExportedContact: CustomStringConvertible, CustomReflectable {
    /// Without the values, so that a log or a test failure shows no one's name or number.
    public var description: String { "exported contact with \(values.count) columns" }
    public var customMirror: Mirror { Mirror(self, children: ["columns": values.count]) }
}
