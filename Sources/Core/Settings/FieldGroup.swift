/// The settings that a mapping of the file may have, and how a fault names it.
public struct FieldGroup: Sendable {
    public let title: String
    public let fields: [FieldSpec]
    /// The command that explains these settings.
    private let help: String

    public init(_ title: String, _ fields: [FieldSpec], help: String) {
        self.title = title
        self.fields = fields
        self.help = help
    }

    /// Checks a mapping against the fields.
    ///
    /// - Parameters:
    ///   - node: The mapping.
    ///   - others: Keys that somebody else reads.
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
        let (settings, problems) = read(node, besides: others, environment: environment, sources: sources)
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        return settings
    }

    /// The settings and what is wrong with them, for a caller who goes on to find more.
    public func read(
        _ node: ConfigurationNode,
        besides others: Set<String> = [],
        environment: [String: String] = [:],
        sources: [String: Component<any Source>] = [:]
    ) -> (settings: Settings, problems: [Problem]) {
        guard let written = node.entries else {
            let example = fields.lazy.compactMap { field in field.example.map { "{ \(field.name): \($0) }" } }.first
            let problem = Problem(
                "must be a mapping of settings, got \(node.summary)",
                hint: example.map { "such as `\($0)`" },
                of: title,
                at: node.location
            )
            return (Settings(node: node, component: title, sources: sources), [problem])
        }
        let entries = written + standIns(for: written, environment, at: node.location)
        let own = entries.filter { !others.contains($0.key) }
        let problems = own.compactMap(fault) + missing(own, at: node.location)
        return (Settings(node: .mapping(entries, node.location), component: title, sources: sources), problems)
    }

    private func standIns(
        for written: [ConfigurationNode.Entry],
        _ environment: [String: String],
        at location: SourceLocation
    ) -> [ConfigurationNode.Entry] {
        fields.compactMap { field in
            guard let variable = field.environment, let value = environment[variable], !value.isEmpty,
                !written.contains(where: { $0.key == field.name })
            else { return nil }
            let node = ConfigurationNode.scalar(value, isQuoted: false, location)
            return ConfigurationNode.Entry(key: field.name, location: location, value: node)
        }
    }

    private func fault(_ entry: ConfigurationNode.Entry) -> Problem? {
        guard let field = fields.first(where: { $0.name == entry.key }) else {
            let hint = suggestion(for: entry.key, among: fields.map(\.name)) ?? "see `\(help)`"
            return Problem("unknown setting `\(entry.key)`", hint: hint, of: title, at: entry.location)
        }
        return field.fault(entry.value).map { fault in
            Problem("`\(field.name)` \(fault.message)", hint: fault.hint, of: title, at: fault.location)
        }
    }

    private func missing(_ entries: [ConfigurationNode.Entry], at location: SourceLocation) -> [Problem] {
        fields.filter { field in field.isRequired && !entries.contains { $0.key == field.name } }.map { field in
            let variable = field.environment.map { ", or set the environment variable \($0)" } ?? ""
            let hint = "add `\(field.name): \(field.example ?? "…")` (\(field.form.phrase))\(variable)"
            return Problem("`\(field.name)` is missing", hint: hint, of: title, at: location)
        }
    }
}
