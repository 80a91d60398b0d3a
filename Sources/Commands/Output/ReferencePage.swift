internal import RollcallCore
internal import RollcallEngine

/// A page about a component of pipeline files, or about the file itself, made from the specs that also check them.
struct ReferencePage {
    /// `transform`; `file` for the file itself.
    let kind: String
    let name: String
    let summary: String
    let fields: [FieldSpec]
    let example: String

    init(_ spec: ComponentSpec) {
        self.init(
            kind: spec.kind.rawValue,
            name: spec.name,
            summary: spec.summary,
            fields: spec.fields,
            example: spec.example
        )
    }

    private init(kind: String, name: String, summary: String, fields: [FieldSpec], example: String) {
        self.kind = kind
        self.name = name
        self.summary = summary
        self.fields = fields
        self.example = example
    }

    /// What stands at the top of a file.
    static let pipeline = ReferencePage(
        kind: "file",
        name: "pipeline",
        summary: """
            What stands at the top of a pipeline file. It is YAML, and unknown settings are errors. Every value may have ${VAR}, \
            ${VAR:-default} or ${VAR:?message} in it, which stand for environment variables; $$ is a dollar sign.
            """,
        fields: Pipeline.fields,
        example: InitCommand.example(name: "crm-leads")
    )

    private var firstSentence: String {
        summary.firstRange(of: ". ").map { "\(summary[..<$0.lowerBound])." } ?? summary
    }

    // MARK: - Text

    static func index(_ pages: [ReferencePage]) -> String {
        var table = Table([("", .left), ("", .left), ("", .left)])
        for page in pages { table.add([page.kind, page.name, page.firstSentence]) }
        return table.text + "\n\nMore with `rollcall describe NAME`."
    }

    var text: String {
        """
        \(kind) \(name)
        \(summary.wrapped(to: Self.width))

        Settings
        \(fields.map { Self.text(of: $0) }.joined(separator: "\n").indented(by: 2))

        Example
        \(example.indented(by: 2))
        """
    }

    private static let width = 100

    /// The setting, and below it its parts, in lines that fit behind as many blanks.
    private static func text(of field: FieldSpec, behind indentation: Int = 2) -> String {
        let width = width - indentation
        var text = "\(field.name) (\(field.facts))".wrapped(to: width).replacing("\n", with: "\n  ")
        text += "\n" + field.doc.wrapped(to: width - 4).indented(by: 4)
        if let example = field.example { text += "\n    e.g. \(field.name): \(example)" }
        for part in field.form.parts { text += "\n" + self.text(of: part, behind: indentation + 4).indented(by: 4) }
        return text
    }

    // MARK: - Markdown

    /// With links to files of the pages' names.
    static func markdownIndex(_ pages: [ReferencePage]) -> String {
        let rows = pages.map { "| \($0.kind) | [`\($0.name)`](\($0.name).md) | \($0.firstSentence) |" }
        return
            "# Components of pipeline files\n\n| kind | name | |\n| --- | --- | --- |\n\(rows.joined(separator: "\n"))"
    }

    var markdown: String {
        """
        # \(kind) `\(name)`

        \(summary)

        ```yaml
        \(example)
        ```

        ## Settings

        \(fields.map { Self.markdown(of: $0) }.joined(separator: "\n"))
        """
    }

    private static func markdown(of field: FieldSpec) -> String {
        var text = "- **`\(field.name)`** (\(field.facts)): \(field.doc)"
        if let example = field.example { text += "\n  For example `\(field.name): \(example)`" }
        for part in field.form.parts { text += "\n" + markdown(of: part).indented(by: 2) }
        return text
    }
}

extension FieldSpec {
    /// What it takes, and whether it must be there.
    fileprivate var facts: String {
        var facts = [form.phrase]
        if isSecret { facts.append("secret") }
        if isRequired {
            facts.append("required")
        } else if let text = defaultText {
            facts.append("default: \(text)")
        } else {
            facts.append("optional")
        }
        if let environment { facts.append("or the environment variable \(environment)") }
        return facts.joined(separator: "; ")
    }
}

extension SettingForm {
    /// The settings within the mapping, or within each mapping of the list, that a setting is.
    fileprivate var parts: [FieldSpec] {
        switch self {
        case .group(let fields): fields
        case .list(let element), .optional(let element): element.parts
        case .component(_, let others): others
        default: []
        }
    }
}

extension String {
    fileprivate func wrapped(to width: Int) -> String {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + word.count + 1 <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }

    fileprivate func indented(by count: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.isEmpty ? "" : String(repeating: " ", count: count) + line
        }
        .joined(separator: "\n")
    }
}
