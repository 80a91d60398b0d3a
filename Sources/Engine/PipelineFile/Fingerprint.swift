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
        let one = (try? settings[Pipeline.Setting.source]) ?? nil
        let list = (try? settings[Pipeline.Setting.sources]) ?? nil
        for source in [one].compactMap(\.self) + (list ?? []) {
            parts.append(Self.canonical(source: source, plugins))
        }
        // A position of one source is none of a list.
        if list != nil { parts.append("sources") }
        if let column = (try? settings[Pipeline.Setting.sourceColumn]) ?? nil {
            parts.append("source_column=\(column)")
        }
        for transform in (try? settings[Pipeline.Setting.transforms]) ?? [] {
            parts.append(Self.canonical(transform: transform, plugins))
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

    /// A source, without connection data, which changes no row whether it is given as a secret or not, and without what says only
    /// how the work is done.
    private static func canonical(source: ConfigurationNode, _ plugins: Plugins) -> String {
        let spec = source.spec(among: plugins.sources.map { $0.spec })
        let others = Set(spec?.fields.filter { $0.isSecret || !$0.shapesRows }.map(\.name) ?? [])
        return mapping(of: source.entries?.filter { !others.contains($0.key) } ?? []) { canonical($0.value) }
    }

    /// A transform, with a source that stands within it as far as that shapes rows.
    private static func canonical(transform: ConfigurationNode, _ plugins: Plugins) -> String {
        let spec = transform.spec(among: plugins.transforms.map { $0.spec })
        return mapping(of: transform.entries ?? []) { entry in
            spec?.describesSource(entry) == true
                ? canonical(source: entry.value, plugins) : canonical(entry.value)
        }
    }

    private static func canonical(_ node: ConfigurationNode) -> String {
        switch node {
        case .scalar(let text, _, _, _): "\(text.utf8.count):\(text)"
        case .sequence(let nodes, _): "[\(nodes.map { canonical($0) }.joined(separator: ","))]"
        case .mapping(let entries, _): mapping(of: entries) { canonical($0.value) }
        }
    }

    private static func mapping(
        of entries: [ConfigurationNode.Entry],
        _ value: (ConfigurationNode.Entry) -> String
    ) -> String {
        "{\(entries.map { "\($0.key)=\(value($0))" }.joined(separator: ","))}"
    }
}

extension ConfigurationNode {
    /// What describes the component that this is written for, by its `type`.
    fileprivate func spec(among specs: [ComponentSpec]) -> ComponentSpec? {
        let name = entries?.first { $0.key == "type" }?.value.text
        return specs.first { $0.name == name }
    }
}
