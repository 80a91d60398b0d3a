internal import RollcallCore
internal import Yams

/// Reads YAML into configuration nodes that know their lines.
enum YAMLDocument {
    /// Parses a file, which messages call by its path as the user wrote it; throws a configuration error with the line.
    static func parse(_ text: String, file: String) throws -> ConfigurationNode {
        let root: Node?
        do {
            root = try Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw configurationError(error, file: file)
        }
        guard let root else {
            throw RollcallError(
                .configuration,
                "the file is empty",
                hint: "`rollcall init` writes an example",
                at: SourceLocation(file: file, line: 1)
            )
        }
        return try node(root, file: file)
    }

    private static func node(_ node: Node, file: String) throws -> ConfigurationNode {
        let location = SourceLocation(file: file, line: node.mark?.line ?? 1)
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style != .plain && scalar.style != .any
            return .scalar(scalar.string, isQuoted: isQuoted, location)
        case .sequence(let sequence):
            return .sequence(try sequence.map { try Self.node($0, file: file) }, location)
        case .mapping(let mapping):
            let entries = try mapping.map { key, value in
                guard let name = key.scalar?.string else {
                    throw RollcallError(
                        .configuration,
                        "a key must be text",
                        at: SourceLocation(file: file, line: key.mark?.line ?? 1)
                    )
                }
                return ConfigurationNode.Entry(
                    key: name,
                    location: SourceLocation(file: file, line: key.mark?.line ?? 1),
                    value: try Self.node(value, file: file)
                )
            }
            return .mapping(entries, location)
        case .alias:
            throw RollcallError(.configuration, "the alias has no anchor before it", at: location)
        }
    }

    private static func hint(for words: String) -> String {
        if words.contains("quoted scalar") { return "close the quote that is opened here" }
        if words.contains("cannot start any token") {
            return "indent with blanks, not with tabs; quote text that begins with one of `%@"
        }
        return "look at the indentation, and quote text that has `: ` or ` #` in it or begins with one of {[*&!|>%@`"
    }

    private static func configurationError(_ error: YamlError, file: String) -> RollcallError {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let words = [context?.text, problem].compactMap { $0 }.joined(separator: " ")
            // A quote that is left open is noticed at the end of the file only.
            let begin = words.contains("quoted scalar") ? context?.mark : nil
            return RollcallError(
                .configuration,
                "this is no valid YAML: \(words)",
                hint: hint(for: words),
                at: SourceLocation(file: file, line: (begin ?? mark).line)
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            return RollcallError(
                .configuration,
                "written twice: \(duplicates.map { "`\($0)`" }.sorted().joined(separator: ", "))",
                hint: "keep one of them",
                at: SourceLocation(file: file, line: context.mark.line)
            )
        case .reader(let problem, _, _, _):
            return RollcallError(
                .configuration,
                "the file is no UTF-8 text: \(problem)",
                at: SourceLocation(file: file, line: 1)
            )
        default:
            return RollcallError(
                .configuration,
                "this is no valid YAML: \(error)",
                at: SourceLocation(file: file, line: 1)
            )
        }
    }
}
