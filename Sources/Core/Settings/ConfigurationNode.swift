/// A piece of a pipeline file with the line it stands on; what a settings reader sees instead of YAML.
public indirect enum ConfigurationNode: Sendable {
    /// A scalar as text; `isQuoted` tells `"5"` from `5` and `""` from nothing. `written` is how the file has it, where variables of
    /// the environment stand in it.
    case scalar(String, isQuoted: Bool, SourceLocation, written: String? = nil)
    case sequence([ConfigurationNode], SourceLocation)
    case mapping([Entry], SourceLocation)

    /// One `key: value` of a mapping, in the order of the file.
    public struct Entry: Sendable {
        public let key: String
        public let location: SourceLocation
        public let value: ConfigurationNode

        public init(key: String, location: SourceLocation, value: ConfigurationNode) {
            self.key = key
            self.location = location
            self.value = value
        }
    }

    public var location: SourceLocation {
        switch self {
        case .scalar(_, _, let location, _), .sequence(_, let location), .mapping(_, let location): location
        }
    }

    /// Nothing was written after the key: an empty plain scalar, `~` or `null`.
    public var isEmpty: Bool {
        plainText.map { ["", "~", "null"].contains($0) } ?? false
    }

    /// The text of a scalar.
    public var text: String? {
        guard case .scalar(let text, _, _, _) = self else { return nil }
        return text
    }

    /// The text of a scalar that is not quoted.
    public var plainText: String? {
        guard case .scalar(let text, isQuoted: false, _, _) = self else { return nil }
        return text
    }

    public var entries: [Entry]? {
        guard case .mapping(let entries, _) = self else { return nil }
        return entries
    }

    /// How a message names what was found where something else was expected.
    ///
    /// What variables stand for may be a secret, and is no part of it.
    public var summary: String {
        switch self {
        case _ where isEmpty: "nothing"
        case .scalar(let text, _, _, let written): written.map { "the value of \"\($0)\"" } ?? "\"\(text)\""
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
