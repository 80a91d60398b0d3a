internal import Crypto
internal import RollcallCore

/// A digest of the settings that shape the rows of a pipeline: its source, its transforms and the sink's key.
///
/// Secrets, and what only says how the work is done, are no part of it; a comment or another layout of the file changes nothing.
enum Fingerprint {
    static func text(_ settings: Settings, _ plugins: Plugins) -> String {
        var parts: [String] = []
        let secrets = secrets(plugins.sources.map { $0.spec })
        let one = (try? settings[Pipeline.Setting.source]) ?? nil
        let list = (try? settings[Pipeline.Setting.sources]) ?? nil
        for source in [one].compactMap(\.self) + (list ?? []) { parts.append(canonical(source, leavingOut: secrets)) }
        if let column = (try? settings[Pipeline.Setting.sourceColumn]) ?? nil {
            parts.append("source_column=\(column)")
        }
        for transform in (try? settings[Pipeline.Setting.transforms]) ?? [] { parts.append(canonical(transform)) }
        if let sink = try? settings[Pipeline.Setting.sink] {
            let shaping = sink.entries?.filter { ["type", "key"].contains($0.key) } ?? []
            parts.append(canonical(.mapping(shaping, sink.location)))
        }
        let digest = SHA256.hash(data: Array(parts.joined(separator: "\n").utf8))
        return digest.prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        .joined()
    }

    /// Connection data, whether given as a secret or not, changes no row.
    private static func secrets(_ specs: [ComponentSpec]) -> Set<String> {
        Set(specs.flatMap { $0.fields.filter(\.isSecret).map(\.name) })
    }

    private static func canonical(_ node: ConfigurationNode, leavingOut names: Set<String> = []) -> String {
        switch node {
        case .scalar(let text, _, _): "\(text.utf8.count):\(text)"
        case .sequence(let nodes, _): "[\(nodes.map { canonical($0) }.joined(separator: ","))]"
        case .mapping(let entries, _):
            "{\(entries.filter { !names.contains($0.key) }.map { "\($0.key)=\(canonical($0.value))" }.joined(separator: ","))}"
        }
    }
}
