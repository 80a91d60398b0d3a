import RollcallCore
import RollcallTestSupport
import Testing

@testable import CSVSource

/// The same rows as Python's csv module, with the dialect set alike.
@Suite struct PythonTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func awkwardFilesReadAsPythonReadsThem() async throws {
        #expect(AwkwardFile.good.count >= 60)
        try await compare(AwkwardFile.good)
    }

    @Test func randomTablesReadAsPythonReadsThem() async throws {
        try await compare((0..<200).map(Self.randomTable))
    }

    private func compare(_ files: [AwkwardFile]) async throws {
        var cases: [Oracle.Case] = []
        for (index, file) in files.enumerated() {
            try workshop.write(file.bytes, to: "\(index).csv")
            cases.append(
                Oracle.Case(
                    file: "\(workshop.path)/\(index).csv",
                    encoding: file.encoding == "utf-8" ? "utf-8-sig" : file.encoding,
                    delimiter: file.delimiter,
                    quote: file.quote,
                    escape: file.escape
                )
            )
        }
        let answers = try Oracle.answers(cases, in: workshop)
        for (index, file) in files.enumerated() {
            let rows = try #require(answers[index].rows, "\(file.name): Python says \(answers[index].refused ?? "")")
            let reading = try await workshop.source(file.settings, path: "\(index).csv").read()
            #expect([reading.names] + reading.rows.map { $0.map { $0 ?? "NULL" } } == rows, "\(file.name)")
            #expect(reading.unreadable.isEmpty, "\(file.name)")
        }
    }

    /// Values of everything that may matter, written with a random dialect.
    private static func randomTable(seed: Int) -> AwkwardFile {
        var numbers = SeededGenerator(seed: UInt64(seed))
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &numbers) ?? ","
        let quote = ["\"", "'"].randomElement(using: &numbers) ?? "\""
        let escape = Bool.random(using: &numbers) ? nil : "\\"
        let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &numbers) ?? "\n"
        let pieces = [
            "", "x", "yz", " ", delimiter, quote, "\n", "\r", "\r\n", "\\", "é", "😀", "#",
            String(repeating: "w", count: 40),
        ]
        let width = Int.random(in: 1...8, using: &numbers)
        var text = (["a"] + (1..<max(width, 2)).map { "c\($0)" }).prefix(width).joined(separator: delimiter) + lineEnd
        for _ in 0..<Int.random(in: 0...60, using: &numbers) {
            let values = (0..<width).map { _ in
                var value = (0..<Int.random(in: 0...4, using: &numbers)).map { _ in
                    pieces.randomElement(using: &numbers) ?? ""
                }.joined()
                let special = [delimiter, quote, "\n", "\r", "\\"].contains {
                    value.unicodeScalars.contains($0.unicodeScalars.first ?? " ")
                }
                guard special || width == 1 || Bool.random(using: &numbers) else { return value }
                if let escape {
                    value = value.replacing(escape, with: escape + escape).replacing(quote, with: escape + quote)
                } else {
                    value = value.replacing(quote, with: quote + quote)
                }
                return quote + value + quote
            }
            text += values.joined(separator: delimiter) + lineEnd
        }
        if Bool.random(using: &numbers), text.hasSuffix(lineEnd) { text.removeLast() }
        return AwkwardFile("table \(seed)", text, delimiter: delimiter, quote: quote, escape: escape)
    }
}
