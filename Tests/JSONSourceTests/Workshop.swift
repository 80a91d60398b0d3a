import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import JSONSource

/// A folder of a test's own with files to read.
final class Workshop {
    private let folder: TestFolder
    var path: String { folder.path }

    init() throws { folder = try TestFolder() }

    func write(_ bytes: [UInt8], to name: String = "data.json") throws {
        try folder.write(bytes, to: name)
    }

    func write(_ text: String, to name: String = "data.json") throws {
        try write(Array(text.utf8), to: name)
    }

    /// A source with the columns `a` and `b`, unless the settings say otherwise.
    func source(_ settings: [String: ConfigurationNode] = [:], path pattern: String = "data.json") throws -> JSONSource
    {
        var entries = settings
        entries["path"] = entries["path"] ?? .scalar("\(path)/\(pattern)", isQuoted: true, Self.place)
        entries["key"] = entries["key"] ?? ["a"]
        entries["columns"] = entries["columns"] ?? ["a", "b"]
        let node = ConfigurationNode.mapping(
            entries.sorted { $0.key < $1.key }.map { .init(key: $0.key, location: Self.place, value: $0.value) },
            Self.place
        )
        return try JSONSource(try JSONSource.spec.settings(from: node))
    }

    private static let place = SourceLocation(file: "test.yaml", line: 1)
}

/// What Python's json module makes of lines.
enum Oracle {
    /// The cell of a member.
    enum Cell: Decodable, Equatable {
        case text(String?)
        case nested

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .text(nil)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .nested
            }
        }
    }

    /// What a line is.
    enum Answer: Decodable, Equatable {
        case refused
        case noObject
        case cells([Cell])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .refused
            } else if let cells = try? value.decode([Cell].self) {
                self = .cells(cells)
            } else {
                self = .noObject
            }
        }
    }

    static func answers(ofFile name: String, members: [String], in workshop: Workshop) throws -> [Answer] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("oracle.py")
        let json = try output(of: "python3", [script.path, "\(workshop.path)/\(name)"] + members)
        return try JSONDecoder().decode([Answer].self, from: Data(json))
    }
}
