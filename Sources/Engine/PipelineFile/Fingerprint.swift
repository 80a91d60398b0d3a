internal import Crypto
internal import RollcallCore

/// What shapes the rows of a pipeline, as digests: its source, its transforms and what they have read, and the sink's key.
///
/// Secrets, and what only says how the work is done, are no part of it; a comment or another layout of the file changes nothing.
public struct Fingerprint: Sendable, Hashable {
    /// Of what the file says.
    let settings: String
    /// Of what steps go by besides, such as tables, by their places among the transforms.
    private(set) var contents: [Int: String] = [:]

    init(settings: String = "") {
        self.settings = settings
    }

    init(_ settings: Settings, _ plugins: Plugins) {
        var parts: [String] = []
        let secrets = Self.secrets(plugins.sources.map { $0.spec })
        let one = (try? settings[Pipeline.Setting.source]) ?? nil
        let list = (try? settings[Pipeline.Setting.sources]) ?? nil
        for source in [one].compactMap(\.self) + (list ?? []) {
            parts.append(Self.canonical(source, leavingOut: secrets))
        }
        if let column = (try? settings[Pipeline.Setting.sourceColumn]) ?? nil {
            parts.append("source_column=\(column)")
        }
        for transform in (try? settings[Pipeline.Setting.transforms]) ?? [] {
            parts.append(Self.canonical(transform, plugins))
        }
        if let sink = try? settings[Pipeline.Setting.sink] {
            let shaping = sink.entries?.filter { ["type", "key"].contains($0.key) } ?? []
            parts.append(Self.canonical(.mapping(shaping, sink.location)))
        }
        self.init(settings: Self.digest(Array(parts.joined(separator: "\n").utf8)))
    }

    mutating func setContent(_ content: [UInt8], ofStep place: Int) {
        contents[place] = Self.digest(content)
    }

    // MARK: - As text

    /// As the state database keeps it: `settings`, and for each step with a content `place=digest`, with blanks in between.
    var text: String {
        ([settings] + contents.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
    }

    init(text: String) {
        let parts = text.split(separator: " ")
        self.init(settings: parts.first.map(String.init) ?? "")
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=")
            if sides.count == 2, let place = Int(sides[0]) { contents[place] = String(sides[1]) }
        }
    }

    // MARK: - Settings

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        .joined()
    }

    /// Connection data, whether given as a secret or not, changes no row.
    private static func secrets(_ specs: [ComponentSpec]) -> Set<String> {
        Set(specs.flatMap { $0.fields.filter(\.isSecret).map(\.name) })
    }

    /// A transform, without the connection data of a source that stands within it.
    private static func canonical(_ transform: ConfigurationNode, _ plugins: Plugins) -> String {
        let secrets = secrets(plugins.sources.map { $0.spec })
        let type = transform.entries?.first { $0.key == "type" }?.value
        guard let name = type?.text,
            let spec = plugins.transforms.first(where: { $0.spec.name == name })?.spec
        else { return canonical(transform) }
        let entries = transform.entries ?? []
        let texts = entries.map { entry in
            canonical(entry, leavingOut: spec.describesSource(entry) ? secrets : [])
        }
        return "{\(texts.joined(separator: ","))}"
    }

    private static func canonical(_ entry: ConfigurationNode.Entry, leavingOut names: Set<String>) -> String {
        "\(entry.key)=\(canonical(entry.value, leavingOut: names))"
    }

    private static func canonical(_ node: ConfigurationNode, leavingOut names: Set<String> = []) -> String {
        switch node {
        case .scalar(let text, _, _, _): return "\(text.utf8.count):\(text)"
        case .sequence(let nodes, _): return "[\(nodes.map { canonical($0) }.joined(separator: ","))]"
        case .mapping(let entries, _):
            let texts = entries.filter { !names.contains($0.key) }.map { canonical($0, leavingOut: []) }
            return "{\(texts.joined(separator: ","))}"
        }
    }
}
