internal import ArgumentParser
internal import BuiltIns
internal import RollcallCore
internal import RollcallEngine

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Explain a component of pipeline files, or list them all.",
        discussion:
            "`rollcall describe pipeline` explains the file itself, `rollcall describe postgres` the source of that type."
    )

    @Argument(help: "A component's type, or `pipeline`.")
    var component: String?

    func run() throws {
        guard let component else { return print(ReferenceText.overview(.builtIn)) }
        if component == "pipeline" { return print(ReferenceText.pipeline) }
        let specs = Plugins.builtIn.specs.filter { $0.name == component }
        guard !specs.isEmpty else {
            let names = Plugins.builtIn.specs.map(\.name) + ["pipeline"]
            let hint = suggestion(for: component, among: names) ?? "see the list with `rollcall describe`"
            throw ValidationError("there is no component \"\(component)\"\n  hint: \(hint)")
        }
        print(specs.map(ReferenceText.page).joined(separator: "\n\n"))
    }
}

/// Pages about components, made from their specs.
enum ReferenceText {
    static func overview(_ plugins: Plugins) -> String {
        var table = Table([("", .left), ("", .left), ("", .left)])
        for spec in plugins.specs {
            table.add([spec.kind.rawValue, spec.name, firstSentence(of: spec.summary)])
        }
        table.add(["file", "pipeline", "What stands at the top of a pipeline file."])
        return table.text + "\n\nMore with `rollcall describe NAME`."
    }

    private static func firstSentence(of text: String) -> String {
        text.firstRange(of: ". ").map { "\(text[..<$0.lowerBound])." } ?? text
    }

    static func page(_ spec: ComponentSpec) -> String {
        let example = spec.example.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        return """
            \(spec.title)
            \(spec.summary)

            Settings
            \(spec.fields.map(field).joined(separator: "\n"))

            Example
            \(example.joined(separator: "\n"))
            """
    }

    static var pipeline: String {
        """
        pipeline file
        YAML. Unknown settings are errors. Every value may have ${VAR}, ${VAR:-default} or ${VAR:?message} in it, which stand \
        for environment variables; $$ is a dollar sign.

        Settings
        \(Pipeline.fields.map(field).joined(separator: "\n"))

        Example
        \(InitCommand.example(name: "crm-leads").split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n"))
        """
    }

    private static func field(_ field: FieldSpec) -> String {
        var facts = [field.form.phrase]
        if field.isSecret { facts.append("secret") }
        if field.isRequired {
            facts.append("required")
        } else if let text = field.defaultText {
            facts.append("default: \(text)")
        } else {
            facts.append("optional")
        }
        if let variable = field.environment { facts.append("or the environment variable \(variable)") }
        var text =
            "  \(field.name) (\(facts.joined(separator: "; ")))\n" + wrapped(field.doc, width: 100, indent: "      ")
        if let example = field.example { text += "\n      e.g. \(field.name): \(example)" }
        for part in parts(of: field.form) {
            text += "\n" + self.field(part).split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        }
        return text
    }

    /// The settings within the mapping, or within each mapping of the list, that a setting is.
    private static func parts(of form: SettingForm) -> [FieldSpec] {
        switch form {
        case .group(let fields): fields
        case .list(let element): parts(of: element)
        default: []
        }
    }

    private static func wrapped(_ text: String, width: Int, indent: String) -> String {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count + 1 <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { indent + $0 }.joined(separator: "\n")
    }
}
