import RollcallCore
import RollcallTestSupport
import Testing

@testable import JSONSource

/// The same lines are taken, with the same values, as Python's json module takes in strict mode.
@Suite struct PythonTests {
    private let workshop: Workshop
    private static let members = ["a", "b", "", "é\n"]

    init() throws { workshop = try Workshop() }

    @Test(arguments: 0..<10)
    func mutatedRecordsReadAsPythonReadsThem(_ seed: Int) async throws {
        var numbers = SeededGenerator(seed: UInt64(seed))
        var lines: [UInt8] = []
        for _ in 0..<1_000 {
            var record = Array(Self.object(depth: 0, &numbers).utf8)
            for _ in 0..<Int.random(in: 0...3, using: &numbers) { Self.mutate(&record, &numbers) }
            lines += record + [0x0A]
        }
        try workshop.write(lines)
        let answers = try Oracle.answers(ofFile: "data.json", members: Self.members, in: workshop)
        let source = try workshop.source([
            "columns": [
                "a": "text", "b": "text", "none": ["from": "/"], "escaped": ["from": "/é\n"],
            ]
        ])
        let reading = try await source.read()
        // Lines of blanks make neither an answer nor a row.
        let refused = answers.filter { if case .cells = $0 { false } else { true } }
        #expect(reading.rows.count + reading.unreadable.count == answers.count)
        #expect(
            reading.unreadable.map { $0.code == "no_object" } == refused.map { $0 == .noObject }
        )
        let cells = answers.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
        try #require(cells.count == reading.rows.count)
        #expect(!cells.isEmpty && !refused.isEmpty)
        for (row, expected) in zip(reading.rows, cells) {
            for (value, cell) in zip(row, expected) {
                guard case .text(let text) = cell else {
                    #expect(value?.first == "{" || value?.first == "[")
                    continue
                }
                #expect(value == text)
            }
        }
    }

    /// Where the record is written otherwise or the line is another, what is unreadable is the same line.
    @Test func theSameLinesAreRefused() async throws {
        var numbers = SeededGenerator(seed: 4711)
        var lines: [[UInt8]] = []
        for _ in 0..<2_000 {
            var record = Array(Self.object(depth: 0, &numbers).utf8)
            Self.mutate(&record, &numbers)
            lines.append(record.isEmpty ? [0x78] : record)
        }
        try workshop.write(Array(lines.joined(separator: [0x0A])))
        let answers = try Oracle.answers(ofFile: "data.json", members: [], in: workshop)
        try #require(answers.count == lines.count)
        let reading = try await workshop.source().read()
        let refused = answers.indices.filter { if case .cells = answers[$0] { false } else { true } }
        #expect(reading.unreadable.map(\.line) == refused.map { $0 + 1 })
    }

    private static func object(depth: Int, _ numbers: inout SeededGenerator) -> String {
        let members = (0..<Int.random(in: 0...5, using: &numbers)).map { _ in
            let name = ["a", "b", "", "\\u0061", "é\\n", "\\u00e9\\u000A", "c"].randomElement(using: &numbers) ?? "a"
            return "\"\(name)\"\(blank(&numbers)):\(blank(&numbers))\(value(depth: depth + 1, &numbers))"
        }
        return "{\(blank(&numbers))\(members.joined(separator: "\(blank(&numbers)),"))\(blank(&numbers))}"
    }

    private static func blank(_ numbers: inout SeededGenerator) -> String {
        ["", "", "", " ", "\t", "\r"].randomElement(using: &numbers) ?? ""
    }

    private static func value(depth: Int, _ numbers: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth > 4 ? 8 : 10), using: &numbers) {
        case 0: return ["true", "false", "null"].randomElement(using: &numbers) ?? "null"
        case 1: return String(Int.random(in: -1_000...1_000, using: &numbers))
        case 2: return ["1.50", "-0", "1e5", "0.1E-7", "123456789012345678901"].randomElement(using: &numbers) ?? "0"
        case 8: return object(depth: depth, &numbers)
        case 9:
            let elements = (0..<Int.random(in: 0...3, using: &numbers)).map { _ in value(depth: depth + 1, &numbers) }
            return "[\(elements.joined(separator: ","))]"
        default:
            let pieces = [
                "x", "word ", "é", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "{", "]", ",",
                "longer text of some words",
            ]
            let text = (0..<Int.random(in: 0...4, using: &numbers)).map { _ in
                pieces.randomElement(using: &numbers) ?? ""
            }
            return "\"\(text.joined())\""
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ numbers: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        let special =
            Array("{}[]\",:\\u0123456789abdDeEfnrt+-. \t\r/'NI".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xA9, 0xFF]
        let byte = special.randomElement(using: &numbers) ?? 0
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(byte, at: place)
        case 2: bytes[place] = byte
        case 3: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &numbers))
        case 4: bytes.removeLast(bytes.count - place)
        default:
            let end = min(bytes.count, place + Int.random(in: 1...12, using: &numbers))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &numbers))
        }
    }
}
