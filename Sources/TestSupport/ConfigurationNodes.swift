public import RollcallCore

/// Settings written in Swift instead of YAML, all on line 1 of `test.yaml`.
extension ConfigurationNode: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    private static var place: SourceLocation { SourceLocation(file: "test.yaml", line: 1) }

    public init(stringLiteral text: String) {
        self = .scalar(text, isQuoted: false, Self.place)
    }

    public init(integerLiteral number: Int) {
        self = .scalar("\(number)", isQuoted: false, Self.place)
    }

    public init(booleanLiteral flag: Bool) {
        self = .scalar("\(flag)", isQuoted: false, Self.place)
    }

    public init(arrayLiteral nodes: ConfigurationNode...) {
        self = .sequence(nodes, Self.place)
    }

    public init(dictionaryLiteral entries: (String, ConfigurationNode)...) {
        self = .mapping(entries.map { Entry(key: $0, location: Self.place, value: $1) }, Self.place)
    }
}
