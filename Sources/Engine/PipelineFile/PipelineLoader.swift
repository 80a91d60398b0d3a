internal import Foundation
internal import RollcallCore

/// Reads pipeline files and finds every fault that can be found without a network.
public struct PipelineLoader: Sendable {
    let plugins: Plugins
    private let environment: [String: String]
    private let fillsIn: Bool

    /// With `fillsIn`, an environment variable that is not set stands for some text: enough where nothing is connected to.
    public init(plugins: Plugins, environment: [String: String], fillsIn: Bool = false) {
        self.plugins = plugins
        self.environment = environment
        self.fillsIn = fillsIn
    }

    /// Reads a file; throws a configuration error with all its faults, each with its line.
    public func load(_ file: String) throws -> Pipeline {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw RollcallError(
                .configuration,
                "\(file): no such file, or it may not be read",
                hint: "`rollcall init \(file)` writes an example there"
            )
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw RollcallError(.configuration, "the file is no UTF-8 text", at: SourceLocation(file: file, line: 1))
        }
        return try load(text, file: file)
    }

    /// Reads YAML that messages call `file`; throws a configuration error with all faults, each with its line.
    public func load(_ text: String, file: String) throws -> Pipeline {
        var faults = Faults()
        var interpolation = Interpolation(environment: environment, fillsIn: fillsIn)
        let root = interpolation.apply(to: try YAMLDocument.parse(text, file: file))
        let group = FieldGroup("pipeline", Pipeline.fields, help: "rollcall describe pipeline")
        let (settings, problems) = group.read(root)
        faults.problems += problems
        let pipeline = assemble(settings, file: file, &faults)
        // A value that could not be filled in has made faults of its own; naming the variable says it all.
        let unset = Set(interpolation.problems.compactMap(\.location))
        faults.problems.removeAll { problem in problem.location.map(unset.contains) ?? false }
        faults.problems += interpolation.problems
        guard let pipeline, faults.problems.isEmpty else { throw faults.error }
        return pipeline
    }

    /// Makes the components from the top of the file; what is wrong with its own settings was told when it was read.
    private func assemble(_ settings: Settings, file: String, _ faults: inout Faults) -> Pipeline? {
        let scheduleNode = (try? settings[Pipeline.Setting.schedule]) ?? nil
        let schedule = scheduleNode.map { node in faults.collect { try Schedule(node) } }
        let sources = self.sources(settings, &faults)
        let written = (try? settings[Pipeline.Setting.transforms]) ?? []
        let choice = [sources?.choiceOfRows(before: written)].compactMap(\.self)
        let transforms = (choice + written).map { node in
            faults.collect { () throws -> Component<any Transform> in
                try component(node, .transform, plugins.transforms, { $0.spec }) { try $0.init($1) }
            }
        }
        let sink: Component<any Sink>? = (try? settings[Pipeline.Setting.sink]).flatMap { node in
            faults.collect { try component(node, .sink, plugins.sinks, { $0.spec }) { try $0.init($1) } }
        }
        checkColumns(sources, transforms, sink, &faults)
        if let sources {
            faults.problems += transforms.compactMap { sources.problem(with: $0) }
            faults.problems += [sources.problemOfChoice(among: written)].compactMap(\.self)
        }
        let cases = ((try? settings[Pipeline.Setting.tests]) ?? []).compactMap { node in
            faults.collect { try PipelineCase(node) }
        }
        if let sources { faults.problems += cases.flatMap { $0.problems(with: sources) } }
        // A step that is wrong itself may be one that reads a table.
        let steps = transforms.compactMap(\.self)
        if steps.count == transforms.count { faults.problems += cases.compactMap { $0.problem(with: steps) } }
        let sweepInterval = self.sweepInterval(settings, &faults)
        let removal = sink.flatMap { self.removal(settings, $0, &faults) }
        if let sources {
            faults.problems += readOnceProblems(sources, transforms.compactMap(\.self), removal, settings)
        }
        guard let sources, let sink, let name = try? settings[Pipeline.Setting.name] else { return nil }
        var pipeline = Pipeline(
            file: file,
            name: name,
            description: (try? settings[Pipeline.Setting.description]) ?? nil,
            schedule: schedule ?? nil,
            sources: sources,
            transforms: transforms.compactMap { $0 },
            sink: sink
        )
        pipeline.sweepInterval = sweepInterval
        pipeline.removal = removal
        if let most = try? settings[Pipeline.Setting.maxRemoved] { pipeline.maximumRemoved = most }
        pipeline.maximumRejects = (try? settings[Pipeline.Setting.maxRejects]) ?? nil
        if let most = try? settings[Pipeline.Setting.maxAttempts] { pipeline.maximumAttempts = most }
        if let keeps = try? settings[Pipeline.Setting.keepPayload] { pipeline.keepsPayload = keeps }
        pipeline.cases = cases
        pipeline.fingerprint = Fingerprint(settings, plugins)
        return pipeline
    }

    private func sweepInterval(_ settings: Settings, _ faults: inout Faults) -> DurationSetting? {
        guard let node = (try? settings[Pipeline.Setting.sweep]) ?? nil else { return nil }
        return faults.collect {
            let group = FieldGroup("sweep", SweepSettings.fields, help: "rollcall describe pipeline")
            return try group.settings(from: node)[SweepSettings.every]
        }
    }

    private func removal(_ settings: Settings, _ sink: Component<any Sink>, _ faults: inout Faults) -> Removal? {
        guard let text = try? settings[Pipeline.Setting.onMissing], let removal = Removal(rawValue: text) else {
            return nil
        }
        guard type(of: sink.plugin).removals.contains(removal) else {
            let message = "is `\(text)`, which a \(sink.title) cannot do"
            faults.problems.append(settings.problem(Pipeline.Setting.onMissing, message, hint: "leave it out"))
            return nil
        }
        return removal
    }

    /// Finds the plug-in that `type` names and makes it from the other settings.
    func component<Metatype, Plugin>(
        _ node: ConfigurationNode,
        _ kind: ComponentSpec.Kind,
        _ known: [Metatype],
        _ spec: (Metatype) -> ComponentSpec,
        besides others: Set<String> = [],
        make: (Metatype, Settings) throws -> Plugin
    ) throws -> Component<Plugin> {
        let names = known.map { spec($0).name }
        let choices = "one of: \(names.joined(separator: ", "))"
        guard let entries = node.entries else {
            throw RollcallError(
                .configuration,
                "a \(kind.rawValue) must be a mapping with a `type`, got \(node.summary)",
                hint: choices,
                at: node.location
            )
        }
        guard let type = entries.first(where: { $0.key == "type" }), let name = type.value.text else {
            let meant = entries.first { names.contains($0.key) }?.key
            throw RollcallError(
                .configuration,
                "the \(kind.rawValue) has no `type`",
                hint: meant.map { "write `type: \($0)`, and its settings on the lines below" } ?? choices,
                at: node.location
            )
        }
        guard let metatype = known.first(where: { spec($0).name == name }) else {
            throw RollcallError(
                .configuration,
                "there is no \(kind.rawValue) of type \(type.value.summary)",
                hint: suggestion(for: name, among: names) ?? choices,
                at: type.location
            )
        }
        let spec = spec(metatype)
        var faults = Faults()
        let sources = sources(within: entries, of: spec, &faults)
        let settings = faults.collect {
            try spec.settings(from: node, besides: others, environment: environment, sources: sources)
        }
        guard let settings, faults.problems.isEmpty else { throw faults.error }
        do {
            return Component(plugin: try make(metatype, settings), title: spec.title, location: node.location)
        } catch let error as RollcallError {
            throw error.attributed(to: spec.title, at: node.location)
        }
    }

    /// Makes the sources that settings of a component describe.
    private func sources(
        within entries: [ConfigurationNode.Entry],
        of spec: ComponentSpec,
        _ faults: inout Faults
    ) -> [String: Component<any Source>] {
        var sources: [String: Component<any Source>] = [:]
        for entry in entries where spec.describesSource(entry) {
            sources[entry.key] = faults.collect {
                try component(entry.value, .source, plugins.sources, { $0.spec }) { try $0.init($1) }
            }
        }
        return sources
    }

    /// Follows the columns from step to step; behind a faulty step they count as unknown, so that one fault is told once.
    private func checkColumns(
        _ sources: SourceList?,
        _ transforms: [Component<any Transform>?],
        _ sink: Component<any Sink>?,
        _ faults: inout Faults
    ) {
        guard let sources else { return checkColumns(after: nil, transforms, sink, &faults) }
        let problems = sources.members.map { member in
            var own = Faults()
            let schema = own.collect { try member.component.plugin.declaredSchema.map(sources.visible) } ?? nil
            checkColumns(after: schema, transforms, sink, &own)
            return (member.name, own.problems)
        }
        // What is wrong with the rows of every source is said once.
        let common = problems[0].1.filter { problem in problems.allSatisfy { $0.1.contains(problem) } }
        faults.problems += common
        for (name, own) in problems {
            faults.problems += own.filter { !common.contains($0) }.map { $0.said(ofRowsFrom: name) }
        }
    }

    private func checkColumns(
        after input: Schema?,
        _ transforms: [Component<any Transform>?],
        _ sink: Component<any Sink>?,
        _ faults: inout Faults
    ) {
        var schema = input
        for transform in transforms {
            guard let transform else {
                schema = nil
                continue
            }
            let input = schema
            schema = faults.collect { try transform.checking { try $0.outputSchema(for: input) } } ?? nil
        }
        let last = schema
        if let sink { faults.collect { try sink.checking { try $0.check(last) } } }
    }
}

extension ComponentSpec {
    /// Whether a key of the component has a source as its value.
    func describesSource(_ entry: ConfigurationNode.Entry) -> Bool {
        fields.contains { field in
            guard field.name == entry.key, case .component(.source, _) = field.form else { return false }
            return !entry.value.isEmpty
        }
    }
}
