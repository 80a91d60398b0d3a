public import RollcallCore

/// A pipeline file that was read and found good.
public struct Pipeline: Sendable {
    enum Setting {
        static let name = Field<String>(
            "name",
            example: "crm-leads",
            doc: "What commands, logs and the checkpoint call the pipeline. Keep it: a new name begins anew.",
            check: { name in
                let isGood =
                    (1...100).contains(name.count)
                    && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
                return isGood ? nil : "must be 1 to 100 letters, digits, `-`, `_` or `.`, got \"\(name)\""
            }
        )
        static let description = Field<String?>(
            "description",
            example: "Consenting leads from the CRM.",
            doc: "What the pipeline is for, in a sentence."
        )
        static let schedule = Field<ConfigurationNode?>(
            "schedule",
            form: .group(Schedule.fields),
            example: "{ cron: \"*/15 8-20 * * 1-5\", timezone: Europe/Athens }",
            doc: "When the pipeline is meant to run. `rollcall run` runs at once; cron or a systemd timer calls it."
        )
        static let source = Field<ConfigurationNode>(
            "source",
            form: .component(.source),
            example: "{ type: postgres, … }",
            doc: "Where the rows come from."
        )
        static let transforms = Field<[ConfigurationNode]>(
            "transforms",
            form: .list(of: .component(.transform)),
            default: [],
            defaultText: "[]",
            doc: "Steps that every row goes through, in this order."
        )
        static let sink = Field<ConfigurationNode>(
            "sink",
            form: .component(.sink),
            example: "{ type: genesys_contact_list, … }",
            doc: "Where the rows go."
        )
    }

    /// The settings of a pipeline file, for documentation and the JSON Schema.
    public static let fields = [
        Setting.name.spec, Setting.description.spec, Setting.schedule.spec,
        Setting.source.spec, Setting.transforms.spec, Setting.sink.spec,
    ]

    public let file: String
    public let name: String
    public let description: String?
    public let schedule: Schedule?
    public let source: Component<any Source>
    public let transforms: [Component<any Transform>]
    public let sink: Component<any Sink>
}

/// A plug-in made from its part of the file.
public struct Component<Plugin: Sendable>: Sendable {
    public let plugin: Plugin
    /// How messages name it: `source postgres`.
    public let title: String
    public let location: SourceLocation

    /// Runs `body` without waiting; errors that do not say so yet are laid to this component.
    public func checking<Result>(_ body: (Plugin) throws -> Result) throws -> Result {
        do {
            return try body(plugin)
        } catch let error as RollcallError {
            throw error.attributed(to: title, at: location)
        }
    }

    /// Runs `body`; errors that do not say so yet are laid to this component.
    public func running<Result>(_ body: (Plugin) async throws -> Result) async throws -> Result {
        do {
            return try await body(plugin)
        } catch let error as RollcallError {
            throw error.attributed(to: title, at: location)
        }
    }
}
