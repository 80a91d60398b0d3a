import RollcallCore
import RollcallTestSupport
import Testing

@testable import CSVSource

/// An interrupted pass goes on behind the last row that was settled.
@Suite struct ResumeTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let files = [
        ("1.csv", "a,b\n1,\"x\ny\"\n\n2,2\n3\n4,4\n"),
        ("2.csv", "\u{FEFF}b,a\r\n# no row\r\n5,5\r\n\"6\n7\n8\"8,6\r\n7,7\r\n"),
        ("3.csv", "a,b\n"),
        ("4.csv", "a,b\n8,\"8\n9,9"),
    ]

    private func writeFiles() throws {
        for (name, text) in Self.files { try workshop.write(text, to: name) }
    }

    private func source(_ settings: [String: ConfigurationNode] = [:]) throws -> CSVSource {
        try workshop.source(settings.merging(["comment": "#"]) { $1 }, path: "*.csv")
    }

    @Test(arguments: 1...3)
    func everyBorderOfRowsIsAPlaceToGoOn(_ rowCount: Int) async throws {
        try writeFiles()
        let source = try source()
        let whole = try await source.read()
        #expect(whole.rows.count == 5 && whole.unreadable.count == 6)
        for batches in 1...12 {
            let (begun, position) = try await source.begin(batches: batches, of: rowCount)
            let rest = try await source.read(atMost: rowCount, after: position)
            #expect(begun.rows + rest.rows == whole.rows, "after \(batches) batches of \(rowCount)")
            #expect(begun.unreadable + rest.unreadable == whole.unreadable, "after \(batches) batches of \(rowCount)")
        }
    }

    @Test(arguments: ["utf-16", "iso-8859-7"])
    func otherEncodingsGoOnToo(_ encoding: String) async throws {
        let text = "a,b\n1,Γ\n2,Δ\n3,Ω\n"
        let wide: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let narrow = text.unicodeScalars.map { UInt8($0.value < 0x80 ? $0.value : $0.value - 0x2D0) }
        let bytes = encoding == "utf-16" ? wide : narrow
        try workshop.write(bytes)
        let source = try workshop.source(["encoding": .init(stringLiteral: encoding)])
        let (begun, position) = try await source.begin(batches: 2, of: 1)
        #expect(begun.rows == [["1", "Γ"], ["2", "Δ"]])
        #expect(try await source.read(after: position).rows == [["3", "Ω"]])
    }

    @Test(arguments: [
        ("1.csv", "a,b\n1,\"x\nY\"\n\n2,2\n3\n4,4\n"), ("2.csv", "b,a\r\n# no row\r\n5,6\r\n7,7\r\n"),
        ("0.csv", "a,b\n0,0\n"),
    ])
    func aFileThatHasChangedIsReadFromTheBeginning(_ name: String, _ text: String) async throws {
        try writeFiles()
        let source = try source()
        let (_, position) = try await source.begin(batches: 7, of: 1)
        try workshop.write(text, to: name)
        let reader = try await source.open(after: position)
        #expect(reader.reservations.count == 1)
        #expect(reader.reservations.allSatisfy { $0.contains("read from the beginning") })
        let first = try await reader.next(atMost: 1)
        #expect(first?.rows == (name == "0.csv" ? [["0", "0"]] : [["1", name == "1.csv" ? "x\nY" : "x\ny"]]))
        await reader.close()
    }

    @Test func whatIsUnchangedIsNotReadAgain() async throws {
        try writeFiles()
        let source = try source()
        let (_, position) = try await source.begin(batches: 7, of: 1)
        let reader = try await source.open(after: position)
        #expect(reader.reservations.isEmpty)
        await reader.close()
    }

    @Test func aFinishedPassKeepsNoPosition() async throws {
        try writeFiles()
        let reader = try await source().open(after: nil)
        while try await reader.next(atMost: 2) != nil {}
        #expect(try await reader.finalPosition() == nil)
        await reader.close()
    }

    @Test(arguments: ["[]", "{\"from\":\"2026-01-31\"}", "{}"])
    func aPositionOfSomethingElseIsRefused(_ json: String) async throws {
        try writeFiles()
        let source = try source()
        let error = try await #require(throws: RollcallError.self) {
            try await source.open(after: Position(json: json))
        }
        #expect(error.disposition == .configuration)
    }

    @Test func rowsAreFoundByTheirKeys() async throws {
        try writeFiles()
        let reader = try await source().open(after: nil)
        let found = try #require(try await reader.rows(withKeys: [["4"], ["7"], ["none"]]))
        #expect(found.rows == [["4", "4"], ["7", "7"]])
        #expect(found.position == nil)
        // Reading begins at the beginning all the same.
        #expect(try await reader.next(atMost: 1)?.rows == [["1", "x\ny"]])
        await reader.close()
    }

    // MARK: - A second reading

    private func rest(_ reader: any SourceReader, of rowCount: Int) async throws -> [[String?]] {
        var rows: [[String?]] = []
        while let batch = try await reader.next(atMost: rowCount) { rows += batch.rows }
        return rows
    }

    @Test(arguments: [1, 2, 3, 100])
    func theSameRowsComeOnceMoreInBatchesOfAnySize(_ rowCount: Int) async throws {
        try writeFiles()
        let reader = try await source().open(after: nil)
        #expect(try await reader.rewind())
        let first = try await rest(reader, of: 2)
        #expect(first.count == 5)
        for _ in 0..<2 {
            #expect(try await reader.rewind())
            #expect(try await rest(reader, of: rowCount) == first)
        }
        await reader.close()
    }

    @Test(arguments: ["a,b\n1,\"x\nz\"\n\n2,2\n3\n4,4\n", "a,b\n", "a,b\n1,\"x\ny\"\n\n2,2\n3\n4,4\n5,5\n"])
    func filesThatChangedBetweenTwoReadingsAreAnError(_ changed: String) async throws {
        try writeFiles()
        let reader = try await source().open(after: nil)
        _ = try await rest(reader, of: 100)
        try workshop.write(changed, to: "1.csv")
        #expect(try await reader.rewind())
        let error = await #expect(throws: RollcallError.self) { try await rest(reader, of: 100) }
        #expect(error?.description.contains("the files have changed while they were read twice") == true)
        await reader.close()
    }
}
