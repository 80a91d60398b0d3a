/// The settings of one component as the file has them, already checked against its spec.
public struct Settings: Sendable {
    /// How messages name the component: `source postgres`.
    public let component: String
    private let node: ConfigurationNode
    /// The sources that stand within the settings, by the names of these.
    private let sources: [String: Component<any Source>]

    init(node: ConfigurationNode, component: String, sources: [String: Component<any Source>]) {
        self.node = node
        self.component = component
        self.sources = sources
    }

    /// The component's place in the file.
    public var location: SourceLocation { node.location }

    /// The value of a setting, or its default.
    public subscript<Value>(field: Field<Value>) -> Value {
        get throws {
            guard let entry = entry(field.name) else {
                if let value = field.fallback ?? Value.absent { return value }
                throw RollcallError(.configuration, problems: [problem(field, "is missing")])
            }
            do throws(SettingFault) {
                return try Value.read(entry.value)
            } catch {
                throw RollcallError(
                    .configuration,
                    problems: [problem(field, error.message, hint: error.hint, at: error.location)]
                )
            }
        }
    }

    /// The source that a setting describes, which is written like that of a pipeline; whoever made the settings has made it.
    public func source(_ field: Field<ConfigurationNode>) throws -> Component<any Source> {
        if let source = sources[field.name] { return source }
        throw RollcallError(.configuration, problems: [problem(field, "is no source that can be read here")])
    }

    /// Where a setting stands, or else its component.
    public func location<Value>(of field: Field<Value>) -> SourceLocation {
        entry(field.name)?.location ?? location
    }

    /// A path that was written in the file, as it is meant: from the file's folder, whoever starts the program and where.
    public func path(_ text: String) -> String {
        guard !text.hasPrefix("/"), let slash = location.file.lastIndex(of: "/") else { return text }
        return location.file[...slash] + text
    }

    /// A fault of a setting that its type and rule alone could not see.
    ///
    /// `message` is the end of the sentence "`setting` …".
    public func problem<Value>(
        _ field: Field<Value>,
        _ message: String,
        hint: String? = nil,
        at place: SourceLocation? = nil
    ) -> Problem {
        Problem("`\(field.name)` \(message)", hint: hint, of: component, at: place ?? location(of: field))
    }

    /// Refuses a setting that is written although it has no use as the others are: somebody expects it to do something.
    ///
    /// - Parameters:
    ///   - field: The setting.
    ///   - other: What it needs beside it, as it would be written: `keep: largest`.
    /// - Throws: a configuration error.
    public func refuse<Value>(_ field: Field<Value>, without other: String) throws {
        guard entry(field.name) != nil else { return }
        let message = "has no use without `\(other)`"
        let problem = problem(field, message, hint: "add that, or leave `\(field.name)` out")
        throw RollcallError(.configuration, problems: [problem])
    }

    private func entry(_ name: String) -> ConfigurationNode.Entry? {
        node.entries?.first { $0.key == name }
    }
}
