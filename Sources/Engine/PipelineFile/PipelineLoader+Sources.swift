internal import RollcallCore

extension PipelineLoader {
    /// The sources of a pipeline; nil where something is wrong with one, which was told then.
    func sources(_ settings: Settings, _ faults: inout Faults) -> SourceList? {
        let one: ConfigurationNode?
        let list: [ConfigurationNode]?
        let nameColumn: String?
        do {
            one = try settings[Pipeline.Setting.source]
            list = try settings[Pipeline.Setting.sources]
            nameColumn = try settings[Pipeline.Setting.sourceColumn]
        } catch {
            // Told when the settings were read.
            return nil
        }
        switch (one, list) {
        case (let node?, nil):
            if nameColumn != nil {
                faults.problems.append(
                    settings.problem(
                        Pipeline.Setting.sourceColumn,
                        "has no use with one `source`",
                        hint: "leave it out, or write the source as one of a list under `sources`"
                    )
                )
            }
            return faults.collect { SourceList(try source(node)) }
        case (nil, let nodes?): return sourceList(nodes, nameColumn, settings, &faults)
        case (.some, .some):
            let message = "cannot stand beside `source`"
            faults.problems.append(
                settings.problem(
                    Pipeline.Setting.sources,
                    message,
                    hint: "move that into the list, and give it a `name`"
                )
            )
        case (nil, nil):
            let example = Pipeline.Setting.source.spec.example ?? ""
            faults.problems.append(
                settings.problem(Pipeline.Setting.source, "is missing", hint: "add `source: \(example)`, or `sources`")
            )
        }
        return nil
    }

    private func source(_ node: ConfigurationNode, besides others: Set<String> = []) throws -> Component<any Source> {
        try component(node, .source, plugins.sources, { $0.spec }, besides: others, make: { try $0.init($1) })
    }

    private func sourceList(
        _ nodes: [ConfigurationNode],
        _ nameColumn: String?,
        _ settings: Settings,
        _ faults: inout Faults
    ) -> SourceList? {
        guard !nodes.isEmpty else {
            let message = "has no source in it"
            faults.problems.append(settings.problem(Pipeline.Setting.sources, message, hint: "add `- type: …`"))
            return nil
        }
        var members: [SourceList.Member] = []
        for node in nodes {
            faults.collect {
                let component = try source(node, besides: Set(SourceListSettings.fields.map(\.name)))
                members.append(SourceList.Member(try name(of: node, in: members, nameColumn, component), component))
            }
        }
        guard members.count == nodes.count else { return nil }
        let key = members[0].component.plugin.keyColumns
        for member in members where member.component.plugin.keyColumns != key {
            faults.problems.append(
                Problem(
                    "`key` is [\(member.component.plugin.keyColumns.joined(separator: ", "))], and "
                        + "[\(key.joined(separator: ", "))] in the source `\(members[0].name)`",
                    hint: "sources of one list have one key: give the columns the same names there",
                    of: member.component.title,
                    at: member.component.location
                )
            )
        }
        return SourceList(members, nameColumn: nameColumn, at: settings.location(of: Pipeline.Setting.sources))
    }

    /// The name that was written, or one that no source before it has.
    private func name(
        of node: ConfigurationNode,
        in members: [SourceList.Member],
        _ nameColumn: String?,
        _ component: Component<any Source>
    ) throws -> String {
        let written = (node.entries ?? []).filter { $0.key == SourceListSettings.name.name }
        let group = FieldGroup(component.title, SourceListSettings.fields, help: "rollcall describe pipeline")
        let settings = try group.settings(from: .mapping(written, node.location))
        if let name = try settings[SourceListSettings.name] {
            guard !members.contains(where: { $0.name == name }) else {
                let message = "is that of a source before it, too"
                let problem = settings.problem(SourceListSettings.name, message, hint: "give each a name of its own")
                throw RollcallError(.configuration, problems: [problem])
            }
            return name
        }
        guard nameColumn == nil else {
            let hint =
                "add `name: \(SourceListSettings.name.spec.example ?? "")`: with `source_column` it is a part of each key"
            throw RollcallError(
                .configuration,
                problems: [settings.problem(SourceListSettings.name, "is missing", hint: hint)]
            )
        }
        let type = component.title.split(separator: " ").last.map(String.init) ?? component.title
        let names = [type] + (2...members.count + 2).map { "\(type)-\($0)" }
        return names.first { name in !members.contains { $0.name == name } } ?? type
    }
}
