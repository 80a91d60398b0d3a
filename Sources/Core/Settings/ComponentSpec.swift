/// What a plug-in is called, what it does and which settings it has; from here come validation, `rollcall describe`,
/// the JSON Schema and the reference pages.
public struct ComponentSpec: Sendable {
    /// The three kinds of plug-in.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case source
        case transform
        case sink
    }

    public let kind: Kind
    /// The `type:` in a pipeline file.
    public let name: String
    public let summary: String
    public let fields: [FieldSpec]
    /// A complete piece of a pipeline file, as YAML.
    public let example: String

    public init(_ kind: Kind, _ name: String, summary: String, fields: [FieldSpec], example: String) {
        self.kind = kind
        self.name = name
        self.summary = summary
        self.fields = fields
        self.example = example
    }

    /// How messages name the component: `source postgres`.
    public var title: String { "\(kind.rawValue) \(name)" }

    /// Reads the settings of one component.
    ///
    /// - Parameters:
    ///   - node: The mapping in the file, `type` included.
    ///   - others: Keys besides `type` that somebody else reads.
    ///   - environment: Where the variables are that stand in for keys that are not written.
    ///   - sources: What was made of the keys that describe a source.
    /// - Returns: The settings, every one of them good by its own rule.
    /// - Throws: a configuration error with every fault at once: unknown keys, missing ones, wrong types, broken rules.
    public func settings(
        from node: ConfigurationNode,
        besides others: Set<String> = [],
        environment: [String: String] = [:],
        sources: [String: Component<any Source>] = [:]
    ) throws -> Settings {
        try FieldGroup(title, fields, help: "rollcall describe \(name)")
            .settings(from: node, besides: others.union(["type"]), environment: environment, sources: sources)
    }
}
