internal import Foundation
public import RollcallCore

/// How far each source of a list was read, by name; those that are not in it are read from their beginnings.
///
/// They are kept together as one position, in which each stands letter by letter.
public struct SourcePositions: Sendable {
    public var bySource: [String: Position]

    private struct Kept: Codable {
        let sources: [String: String]
    }

    public init(_ bySource: [String: Position] = [:]) {
        self.bySource = bySource
    }

    /// Nil where the position is not one of a list.
    public init?(_ position: Position) {
        guard let kept = try? JSONDecoder().decode(Kept.self, from: Data(position.json.utf8)) else { return nil }
        bySource = kept.sources.mapValues { Position(json: $0) }
    }

    /// As it is kept; nil where every source is read from its beginning.
    public var position: Position? {
        get throws {
            guard !bySource.isEmpty else { return nil }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = try encoder.encode(Kept(sources: bySource.mapValues(\.json)))
            return Position(json: String(decoding: json, as: UTF8.self))
        }
    }
}
