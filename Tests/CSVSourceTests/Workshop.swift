import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import CSVSource

/// A folder of a test's own with files to read.
final class Workshop {
    private let folder: TestFolder
    var path: String { folder.path }

    init() throws { folder = try TestFolder() }

    func write(_ bytes: [UInt8], to name: String = "data.csv") throws {
        try folder.write(bytes, to: name)
    }

    func write(_ text: String, to name: String = "data.csv") throws {
        try write(Array(text.utf8), to: name)
    }

    func source(_ settings: [String: ConfigurationNode] = [:], path pattern: String = "data.csv") throws -> CSVSource {
        var entries = settings
        entries["path"] = entries["path"] ?? .scalar("\(path)/\(pattern)", isQuoted: true, Self.place)
        entries["key"] = entries["key"] ?? ["a"]
        let node = ConfigurationNode.mapping(
            entries.sorted { $0.key < $1.key }.map { .init(key: $0.key, location: Self.place, value: $0.value) },
            Self.place
        )
        return try CSVSource(try CSVSource.spec.settings(from: node))
    }

    private static let place = SourceLocation(file: "test.yaml", line: 1)
}

/// What Python's csv module makes of files.
enum Oracle {
    struct Case: Encodable {
        var file: String
        var encoding = "utf-8-sig"
        var delimiter = ","
        var quote: String? = "\""
        var escape: String?
    }

    struct Answer: Decodable, Equatable {
        let rows: [[String]]?
        let refused: String?
    }

    static func answers(_ cases: [Case], in workshop: Workshop) throws -> [Answer] {
        try workshop.write(Array(try JSONEncoder().encode(cases)), to: "cases.json")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("oracle.py")
        let json = try output(of: "python3", [script.path, "\(workshop.path)/cases.json"])
        return try JSONDecoder().decode([Answer].self, from: Data(json))
    }
}
