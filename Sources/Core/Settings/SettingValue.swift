/// What a setting accepts, for documentation and the JSON Schema.
public indirect enum SettingForm: Sendable {
    case text
    case integer
    case boolean
    /// A length of time: `24h`.
    case duration
    /// A number, or a share in percent: `20%`.
    case allowance
    case choice([String])
    case list(of: SettingForm)
    /// Names of the user's own choosing, each with a value.
    case mapping(of: SettingForm)
    /// The same, or nothing: a plain `null`.
    case optional(SettingForm)
    case either(SettingForm, SettingForm)
    /// A plug-in of this kind: `type` and its settings, and others that somebody else reads.
    case component(ComponentSpec.Kind, besides: [FieldSpec] = [])
    /// A mapping with settings of its own.
    case group([FieldSpec])

    /// In words: `a whole number`.
    public var phrase: String {
        switch self {
        case .text: "text"
        case .duration: "a length of time such as `90s`, `15m`, `24h` or `7d`"
        case .allowance: "a whole number, or a percentage such as `20%`"
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let element): "a list of \(element.phrase)"
        case .mapping(let value): "a mapping of names to \(value.phrase)"
        case .optional(let form): form.phrase
        case .either(let one, let other): "\(one.phrase), or \(other.phrase)"
        case .component(let kind, _): "a \(kind.rawValue): `type` and its settings"
        case .group(let fields): "a mapping with \(fields.map { "`\($0.name)`" }.joined(separator: ", "))"
        }
    }
}

/// A type that a setting can have: how it is read from a file and how it is described.
public protocol SettingValue: Sendable {
    static var form: SettingForm { get }
    /// What a setting that is not written stands for; nil when it must be written.
    static var absent: Self? { get }
    /// Whether the text must never be shown.
    static var isSecret: Bool { get }
    /// - Throws: `SettingFault` saying what was expected and what was found.
    static func read(_ node: ConfigurationNode) throws(SettingFault) -> Self
}

extension SettingValue {
    public static var absent: Self? { nil }
    public static var isSecret: Bool { false }
}

/// Why a value was refused: the end of the sentence "`setting` …".
public struct SettingFault: Error, Sendable {
    public let message: String
    public let hint: String?
    public let location: SourceLocation

    public init(_ message: String, hint: String? = nil, at location: SourceLocation) {
        self.message = message
        self.hint = hint
        self.location = location
    }

    /// The fault of a value of another form; a secret's text is left out.
    public static func expected(_ value: (some SettingValue).Type, got node: ConfigurationNode) -> SettingFault {
        let found = value.isSecret && !node.isEmpty ? "something else" : node.summary
        let hint = value.isSecret ? nil : value.form.hint(for: node)
        return SettingFault("must be \(value.form.phrase), got \(found)", hint: hint, at: node.location)
    }
}

extension SettingForm {
    /// How to write what was meant by a value of another form.
    fileprivate func hint(for node: ConfigurationNode) -> String? {
        switch (self, node) {
        case (.optional(let form), _): form.hint(for: node)
        case (.list(.text), .scalar(let text, _, _, nil)) where !node.isEmpty:
            "also one stands in brackets: `[\(text)]`"
        case (.text, .sequence(let nodes, _)) where nodes.count == 1 && nodes[0].text != nil: "leave the brackets out"
        default: nil
        }
    }
}

/// A piece of the file that its owner reads later; the field says which form it has.
extension ConfigurationNode: SettingValue {
    public static let form = SettingForm.text

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> ConfigurationNode {
        if node.isEmpty { throw SettingFault("has no value", at: node.location) }
        return node
    }
}

extension String: SettingValue {
    public static let form = SettingForm.text

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> String {
        guard let text = node.text, !node.isEmpty else { throw .expected(Self.self, got: node) }
        return text
    }
}

extension Int: SettingValue {
    public static let form = SettingForm.integer

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Int {
        guard let number = node.plainText.flatMap(Int.init) else {
            throw .expected(Self.self, got: node)
        }
        return number
    }
}

extension Bool: SettingValue {
    public static let form = SettingForm.boolean

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Bool {
        guard let value = node.plainText.flatMap(Bool.init) else {
            throw .expected(Self.self, got: node)
        }
        return value
    }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    public static var form: SettingForm { .optional(Wrapped.form) }
    public static var absent: Wrapped?? { .some(nil) }
    public static var isSecret: Bool { Wrapped.isSecret }

    /// Nothing behind the key is as good as no key, so that `${VAR:-}` can leave a setting out.
    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Wrapped? {
        node.isEmpty ? nil : try Wrapped.read(node)
    }
}

extension Array: SettingValue where Element: SettingValue {
    public static var form: SettingForm { .list(of: Element.form) }

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> [Element] {
        guard case .sequence(let nodes, _) = node else { throw .expected(Self.self, got: node) }
        var elements: [Element] = []
        for node in nodes {
            elements.append(try Element.read(node))
        }
        return elements
    }
}

/// A value with the line it stands on, for faults that show only later, such as those of an expression.
public struct Located<Value: SettingValue>: SettingValue {
    public let value: Value
    public let location: SourceLocation

    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }

    public static var form: SettingForm { Value.form }
    public static var isSecret: Bool { Value.isSecret }

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Located<Value> {
        Located(try Value.read(node), at: node.location)
    }
}

/// Names of the user's own choosing with their values, in the order of the file.
public struct NamedValues<Value: SettingValue>: SettingValue {
    /// One name and its value.
    public struct Entry: Sendable {
        public let name: String
        public let location: SourceLocation
        public let value: Value
    }

    public let entries: [Entry]

    public static var form: SettingForm { .mapping(of: Value.form) }

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> NamedValues<Value> {
        guard let entries = node.entries else { throw .expected(Self.self, got: node) }
        var named: [Entry] = []
        for entry in entries {
            do {
                named.append(
                    Entry(name: entry.key, location: entry.location, value: try Value.read(entry.value))
                )
            } catch {
                throw SettingFault(": `\(entry.key)` \(error.message)", hint: error.hint, at: error.location)
            }
        }
        return NamedValues(entries: named)
    }
}
