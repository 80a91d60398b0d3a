internal import RollcallCore
internal import RollcallEngine

/// A JSON Schema (draft 2020-12) of pipeline files, made from the same specs that validate them.
indirect enum JSONSchema: Encodable {
    case text(String)
    case flag(Bool)
    case list([JSONSchema])
    case object([String: JSONSchema])
    case null

    static func pipeline(_ plugins: Plugins) -> JSONSchema {
        guard case .object(var schema) = group(Pipeline.fields, plugins) else { return .flag(true) }
        schema["$schema"] = .text("https://json-schema.org/draft/2020-12/schema")
        schema["title"] = .text("Rollcall pipeline")
        schema["oneOf"] = .list(["source", "sources"].map { .object(["required": .list([.text($0)])]) })
        return .object(schema)
    }

    private static func group(_ fields: [FieldSpec], _ plugins: Plugins, type: String? = nil) -> JSONSchema {
        var properties: [String: JSONSchema] = [:]
        for field in fields { properties[field.name] = property(field, plugins) }
        var required = fields.filter(\.isRequired).map { JSONSchema.text($0.name) }
        if let type {
            properties["type"] = .object(["const": .text(type)])
            required.append(.text("type"))
        }
        return .object([
            "type": .text("object"),
            "properties": .object(properties),
            "required": .list(required),
            "additionalProperties": .flag(false),
        ])
    }

    private static func property(_ field: FieldSpec, _ plugins: Plugins) -> JSONSchema {
        guard case .object(var schema) = form(field.form, plugins) else { return .flag(true) }
        schema["description"] = .text(field.doc)
        return .object(schema)
    }

    private static func form(_ form: SettingForm, _ plugins: Plugins) -> JSONSchema {
        switch form {
        case .text: scalar(["string", "number", "boolean"])
        // An environment variable may stand for any scalar.
        case .integer: either([scalar(["integer"]), reference])
        case .duration: .object(["type": .text("string"), "pattern": .text("^[0-9]+[smhd]$|\\$\\{.+\\}")])
        case .allowance:
            either([
                scalar(["integer"]), .object(["type": .text("string"), "pattern": .text("^[0-9.]+%?$|\\$\\{.+\\}")]),
            ])
        case .boolean: either([scalar(["boolean"]), reference])
        // The plain word null is no text to an editor.
        case .choice(let choices): .object(["enum": .list(choices.map { $0 == "null" ? .null : .text($0) })])
        case .list(let element): .object(["type": .text("array"), "items": Self.form(element, plugins)])
        case .mapping(let value):
            .object(["type": .text("object"), "additionalProperties": Self.form(value, plugins)])
        case .either(let one, let other): either([Self.form(one, plugins), Self.form(other, plugins)])
        case .group(let fields): group(fields, plugins)
        case .component(let kind, let others): either(plugins.specs(of: kind).map { component($0, others, plugins) })
        }
    }

    private static func component(_ spec: ComponentSpec, _ others: [FieldSpec], _ plugins: Plugins) -> JSONSchema {
        guard case .object(var schema) = group(others + spec.fields, plugins, type: spec.name) else {
            return .flag(true)
        }
        schema["description"] = .text(spec.summary)
        return .object(schema)
    }

    private static let reference = JSONSchema.object(["type": .text("string"), "pattern": .text("\\$\\{.+\\}")])

    private static func scalar(_ types: [String]) -> JSONSchema {
        .object(["type": types.count == 1 ? .text(types[0]) : .list(types.map(JSONSchema.text))])
    }

    private static func either(_ schemas: [JSONSchema]) -> JSONSchema {
        .object(["anyOf": .list(schemas)])
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .list(let schemas): try container.encode(schemas)
        case .object(let members): try container.encode(members)
        case .null: try container.encodeNil()
        }
    }
}
