/// The columns of a batch, in order; names are unique and compared in case.
///
/// As everywhere in Swift, two names whose letters are composed in different ways are one: a person sees no difference.
public struct Schema: Sendable, Hashable {
    /// One column: what it is called and what its cells mean.
    public struct Column: Sendable, Hashable {
        public let name: String
        public let type: LogicalType
        /// Whether the type stands for one that nobody knows yet, as before the source was asked: only the name counts then.
        public let isAssumed: Bool

        public init(_ name: String, _ type: LogicalType = .text, isAssumed: Bool = false) {
            self.name = name
            self.type = type
            self.isAssumed = isAssumed
        }
    }

    public let columns: [Column]

    /// - Throws: a configuration error when a column has no name, or two have one.
    public init(_ columns: [Column]) throws {
        if columns.contains(where: \.name.isEmpty) {
            throw RollcallError(.configuration, "a column has no name", hint: "give it one")
        }
        var seen: Set<String> = []
        for column in columns where !seen.insert(column.name).inserted {
            throw RollcallError(
                .configuration,
                "two columns are called \"\(column.name)\"",
                hint: "give one of them another name with a `rename` or `select` step"
            )
        }
        self.columns = columns
    }

    public var names: [String] { columns.map(\.name) }

    /// Whether nobody knows the type of some column yet.
    public var hasAssumedTypes: Bool { columns.contains(where: \.isAssumed) }

    public func index(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    public func type(of name: String) -> LogicalType? {
        index(of: name).map { columns[$0].type }
    }
}
