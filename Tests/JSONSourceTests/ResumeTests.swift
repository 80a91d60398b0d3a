import RollcallCore
import RollcallTestSupport
import Testing

@testable import JSONSource

/// An interrupted pass goes on behind the last record that was settled.
@Suite struct ResumeTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let files = [
        ("1.json", "{\"a\":1}\n\n{\"a\":\"x\\ny\",\"b\":2}\n{\"a\":tru}\n[4]\n{\"a\":5}"),
        ("2.json", "\u{FEFF}[{\"a\":6},{\"a\":7},\n7,{\"a\":8, \"b\" : {}}\n]\n"), ("3.json", ""), ("4.json", "[]"),
        ("5.json", "{\"b\":9,\"a\":9}\n"),
    ]

    private func writeFiles() throws {
        for (name, text) in Self.files { try workshop.write(text, to: name) }
    }

    private func checkEveryBorder(of source: JSONSource, _ rowCount: Int) async throws {
        let whole = try await source.read()
        for batches in 1...(whole.rows.count + whole.unreadable.count + 1) {
            let (begun, position) = try await source.begin(batches: batches, of: rowCount)
            let rest = try await source.read(atMost: rowCount, after: position)
            #expect(begun.rows + rest.rows == whole.rows, "after \(batches) batches of \(rowCount)")
            #expect(begun.unreadable + rest.unreadable == whole.unreadable, "after \(batches) batches of \(rowCount)")
            #expect(rest.failure == nil, "after \(batches) batches of \(rowCount)")
        }
    }

    @Test(arguments: 1...3)
    func everyBorderOfRecordsIsAPlaceToGoOn(_ rowCount: Int) async throws {
        try writeFiles()
        let source = try workshop.source(["allow_empty": true], path: "*.json")
        let whole = try await source.read()
        #expect(whole.rows.map { $0[0] } == ["1", "x\ny", "5", "6", "7", "8", "9"])
        #expect(whole.unreadable.map(\.code) == ["malformed", "no_object", "no_object"])
        try await checkEveryBorder(of: source, rowCount)
    }

    @Test func everyBorderWithinADocumentIsAPlaceToGoOn() async throws {
        try workshop.write(
            "{\"x\":{\"d\":[{\"a\":0}]},\"d\":[[],{\"r\":[{\"a\":1},{\"a\":2},3,{\"a\":\"é\"}]},{\"r\":[{\"a\":9}]}],\"y\":[1]}"
        )
        let source = try workshop.source(["records_at": "/d/1/r"])
        #expect(try await source.read().rows.map { $0[0] } == ["1", "2", "é"])
        try await checkEveryBorder(of: source, 1)
    }

    /// The text is read in pieces, and one ends within a string behind the records.
    @Test func aLongStringAroundTheRecordsIsNoObstacle() async throws {
        let long = String(repeating: "x\\n\\ud83d\\ude00", count: 50_000)
        try workshop.write("{\"x\":\"\(long)\",\"r\":[{\"a\":1},{\"a\":2},{\"a\":3,\"b\":\"y\"}],\"z\":[\"\(long)\"]}")
        try await checkEveryBorder(of: workshop.source(["records_at": "/r"]), 3)
        try await checkEveryBorder(of: workshop.source(["records_at": "/r"]), 100)
        // Where reading stops at a value of a wrong type, the text before it is looked at once more.
        let stopping = try workshop.source([
            "records_at": "/r", "on_error": "stop", "columns": ["a": "text", "b": "integer"],
        ])
        let reading = try await stopping.read()
        #expect(reading.rows == [["1", nil], ["2", nil]])
        #expect(reading.failure?.contains("the value of \"b\"") == true)
    }

    @Test(arguments: [".gz", ".zst"])
    func packedFilesGoOnToo(_ ending: String) async throws {
        let text = "[{\"a\":1},{\"a\":2},{\"a\":3}]"
        try workshop.write(text)
        let packed =
            ending == ".gz"
            ? try output(of: "gzip", ["-c", "\(workshop.path)/data.json"]) : Self.zstd(Array(text.utf8))
        try workshop.write(packed, to: "data.json\(ending)")
        let source = try workshop.source(path: "data.json\(ending)")
        let (begun, position) = try await source.begin(batches: 2, of: 1)
        #expect(begun.rows == [["1", nil], ["2", nil]])
        #expect(try await source.read(after: position).rows == [["3", nil]])
    }

    @Test func otherEncodingsGoOnToo() async throws {
        let text = "{\"a\":\"Γ\"}\n{\"a\":\"Δ\"}\n{\"a\":\"Ω\"}\n"
        try workshop.write([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        let source = try workshop.source(["encoding": "utf-16"])
        let (begun, position) = try await source.begin(batches: 2, of: 1)
        #expect(begun.rows == [["Γ", nil], ["Δ", nil]])
        #expect(try await source.read(after: position).rows == [["Ω", nil]])
    }

    @Test(arguments: [
        ("1.json", "{\"a\":1}\n\n{\"a\":\"x\\ny\",\"b\":3}\n{\"a\":tru}\n[4]\n{\"a\":5}"), ("2.json", "[{\"a\":16}]"),
        ("0.json", "{\"a\":0}"),
    ])
    func aFileThatHasChangedIsReadFromTheBeginning(_ name: String, _ text: String) async throws {
        try writeFiles()
        let source = try workshop.source(["allow_empty": true], path: "*.json")
        let (_, position) = try await source.begin(batches: 7, of: 1)
        let unchanged = try await source.open(after: position)
        #expect(unchanged.reservations.isEmpty)
        await unchanged.close()
        try workshop.write(text, to: name)
        let reader = try await source.open(after: position)
        #expect(reader.reservations.count == 1)
        #expect(reader.reservations.allSatisfy { $0.contains("read from the beginning") })
        #expect(try await reader.next(atMost: 1)?.rows.first?.first == (name == "0.json" ? "0" : "1"))
        await reader.close()
    }

    @Test func aFinishedPassKeepsNoPosition() async throws {
        try writeFiles()
        let reader = try await workshop.source(["allow_empty": true], path: "*.json").open(after: nil)
        while try await reader.next(atMost: 2) != nil {}
        #expect(try await reader.finalPosition() == nil)
        await reader.close()
    }

    @Test(arguments: ["[]", "{\"from\":\"2026-01-31\"}", "{}"])
    func aPositionOfSomethingElseIsRefused(_ json: String) async throws {
        try writeFiles()
        let source = try workshop.source(["allow_empty": true], path: "*.json")
        let error = try await #require(throws: RollcallError.self) {
            try await source.open(after: Position(json: json))
        }
        #expect(error.disposition == .configuration)
    }

    @Test func rowsAreFoundByTheirKeys() async throws {
        try writeFiles()
        let reader = try await workshop.source(["allow_empty": true], path: "*.json").open(after: nil)
        let found = try #require(try await reader.rows(withKeys: [["5"], ["7"], ["none"]]))
        #expect(found.rows == [["5", nil], ["7", nil]])
        #expect(found.position == nil)
        // Reading begins at the beginning all the same.
        #expect(try await reader.next(atMost: 1)?.rows == [["1", nil]])
        await reader.close()
    }

    /// A frame of one block that is not compressed (RFC 8878, section 3.1.1).
    private static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 256)
        let header = UInt32(bytes.count) << 3 | 1
        return [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(bytes.count)]
            + [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)] + bytes
    }
}
