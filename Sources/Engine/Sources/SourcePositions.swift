internal import Foundation
public import RollcallCore

/// How far each source of a list was read, by name; those that are not in it are read from their beginnings.
///
/// They are kept together as one position, in which each stands letter by letter.
public struct SourcePositions: Sendable {
    public var bySource: [String: Position]
    /// The sources that had rows when all were read to their ends: should one of them be empty, something is wrong with it.
    public var filled: Set<String> = []

    private struct Kept: Codable {
        let sources: [String: String]
        let filled: [String]?
    }

    public init(_ bySource: [String: Position] = [:]) {
        self.bySource = bySource
    }

    /// Nil where the position is not one of a list.
    public init?(_ position: Position) {
        guard let kept = try? JSONDecoder().decode(Kept.self, from: Data(position.json.utf8)) else { return nil }
        bySource = kept.sources.mapValues { Position(json: $0) }
        filled = Set(kept.filled ?? [])
    }

    /// As it is kept; nil where every source is read from its beginning.
    public var position: Position? {
        get throws {
            guard !bySource.isEmpty || !filled.isEmpty else { return nil }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = try encoder.encode(
                Kept(sources: bySource.mapValues(\.json), filled: filled.isEmpty ? nil : filled.sorted())
            )
            return Position(json: String(decoding: json, as: UTF8.self))
        }
    }
}
