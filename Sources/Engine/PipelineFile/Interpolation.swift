internal import RollcallCore

/// Puts environment variables into the scalars of a parsed file, so that a value can never become YAML.
///
/// `${VAR}`, `${VAR:-default}`, `${VAR:?message}`; an empty variable is none, unless `${VAR}` is only a part of a value. `$$` is a
/// dollar sign, and so is a `$` before anything else.
struct Interpolation {
    let environment: [String: String]
    /// Whether a variable that is not set stands for some text that is also good as a connection string.
    let fillsIn: Bool
    private(set) var problems: [Problem] = []

    init(environment: [String: String], fillsIn: Bool = false) {
        self.environment = environment
        self.fillsIn = fillsIn
    }

    mutating func apply(to node: ConfigurationNode) -> ConfigurationNode {
        switch node {
        case .scalar(let text, let isQuoted, let location, _):
            let value = replace(text, at: location)
            return .scalar(value, isQuoted: isQuoted, location, written: value == text ? nil : text)
        case .sequence(let nodes, let location):
            var replaced: [ConfigurationNode] = []
            for node in nodes { replaced.append(apply(to: node)) }
            return .sequence(replaced, location)
        case .mapping(let entries, let location):
            var replaced: [ConfigurationNode.Entry] = []
            for entry in entries {
                replaced.append(
                    ConfigurationNode.Entry(key: entry.key, location: entry.location, value: apply(to: entry.value))
                )
            }
            return .mapping(replaced, location)
        }
    }

    private mutating func replace(_ text: String, at location: SourceLocation) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    problems.append(
                        Problem("`${` has no `}`", hint: "write `$${` for the characters themselves", at: location)
                    )
                    return text
                }
                let reference = rest[rest.index(after: rest.startIndex)..<end]
                result += value(reference, isAll: text.count == reference.count + 3, at: location)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    /// The value of what stands between the braces; a problem and nothing when there is none.
    private mutating func value(_ reference: Substring, isAll: Bool, at location: SourceLocation) -> String {
        let name = reference.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        let rest = reference.dropFirst(name.count)
        let value = environment[String(name)]
        guard let first = name.first, !first.isNumber, rest.isEmpty || rest.hasPrefix(":-") || rest.hasPrefix(":?")
        else {
            problems.append(
                Problem(
                    "`${\(reference)}` is no reference to an environment variable",
                    hint: "write ${NAME}, ${NAME:-default} or ${NAME:?message}",
                    at: location
                )
            )
            return ""
        }
        if let value, !value.isEmpty || rest.isEmpty && !isAll { return value }
        if rest.hasPrefix(":-") { return String(rest.dropFirst(2)) }
        if fillsIn { return "host=\(name)" }
        let message = rest.hasPrefix(":?") ? ": \(rest.dropFirst(2))" : ""
        problems.append(
            Problem(
                "the environment variable \(name) is \(value == nil ? "not set" : "empty")\(message)",
                hint: """
                    set it (`export \(name)=…`), or give a default: ${\(name):-default}, which may be empty: ${\(name):-}
                    """,
                at: location
            )
        )
        return ""
    }
}
