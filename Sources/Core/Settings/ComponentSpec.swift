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
    /// - Parameter node: The mapping in the file, `type` included.
    /// - Throws: a configuration error with every fault at once: unknown keys, missing ones, wrong types, broken rules.
    public func settings(from node: ConfigurationNode) throws -> Settings {
        let problems = problems(in: node)
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        return Settings(node: node, component: title)
    }

    private func problems(in node: ConfigurationNode) -> [Problem] {
        let entries = (node.entries ?? []).filter { $0.key != "type" }
        var problems: [Problem] = []
        for entry in entries {
            guard let field = fields.first(where: { $0.name == entry.key }) else {
                problems.append(unknown(entry))
                continue
            }
            if let fault = field.fault(entry.value) {
                problems.append(
                    Problem("`\(field.name)` \(fault.message)", hint: fault.hint, of: title, at: fault.location)
                )
            }
        }
        for field in fields where field.isRequired && !entries.contains(where: { $0.key == field.name }) {
            let hint = field.example.map { "add `\(field.name): \($0)`" } ?? "add `\(field.name):`, \(field.form.phrase)"
            problems.append(Problem("`\(field.name)` is missing", hint: hint, of: title, at: node.location))
        }
        return problems
    }

    private func unknown(_ entry: ConfigurationNode.Entry) -> Problem {
        Problem(
            "unknown setting `\(entry.key)`",
            hint: suggestion(for: entry.key, among: fields.map(\.name)) ?? "see `rollcall describe \(name)`",
            of: title,
            at: entry.location
        )
    }
}
