import RollcallCore
import RollcallTestSupport
import Testing

@testable import JSONSource

/// Everything that RFC 8259 allows is taken, and everything that it forbids is refused.
@Suite struct StrictnessTests {
    private let workshop: Workshop
    private static let columns: ConfigurationNode = ["a": "json", "b": "text"]

    init() throws { workshop = try Workshop() }

    @Test func thereAreManySamples() {
        #expect(Samples.good.count >= 150 && Samples.bad.count >= 200)
        #expect(Set(Samples.good).isDisjoint(with: Samples.bad.map(\.text)))
    }

    @Test func whatIsAllowedIsTakenAndKeptAsItIsWritten() async throws {
        try workshop.write(Samples.good.map { "{\"b\":\"x\",\"a\":\($0)}\n" }.joined(), to: "lines")
        try workshop.write(
            "[" + Samples.good.map { "{\"a\":\($0),\"b\":\"x\"}" }.joined(separator: ",") + "]",
            to: "array"
        )
        let cells = Samples.good.map { sample in
            let value = sample.trimmingBlanks
            return [value == "null" ? nil : value, "x"]
        }
        for file in ["lines", "array"] {
            let reading = try await workshop.source(["columns": Self.columns], path: file).read()
            #expect(reading.unreadable.isEmpty && reading.failure == nil, "\(file)")
            try #require(reading.rows.count == cells.count)
            for (index, cell) in cells.enumerated() { #expect(reading.rows[index] == cell, "\(file), \(index)") }
        }
    }

    @Test func whatIsForbiddenMakesALineUnreadable() async throws {
        // Before it is known that its column is not looked at, and after.
        for name in ["a", "other"] {
            try workshop.write(Samples.bad.map { "{\"\(name)\":\($0.text)}\n{\"a\":1,\"b\":2}\n" }.joined())
            let reading = try await workshop.source(["columns": Self.columns]).read()
            #expect(reading.rows == Array(repeating: ["1", "2"], count: Samples.bad.count))
            try #require(reading.unreadable.count == Samples.bad.count)
            for (index, sample) in Samples.bad.enumerated() {
                let row = reading.unreadable[index]
                #expect(row.line == 2 * index + 1 && row.place.contains(" (byte "), "\(sample.text.prefix(40))")
                #expect(row.code == sample.code || row.code == "cut_off", "\(sample.text.prefix(40))")
                #expect(row.reason.hasPrefix("the line is not JSON: "), "\(sample.text.prefix(40))")
            }
        }
    }

    @Test func whatIsForbiddenEndsAnArrayBehindTheRowsBefore() async throws {
        for sample in Samples.bad {
            try workshop.write("[{\"a\":1},\n{\"a\":\(sample.text)},{\"a\":3}]")
            let reading = try await workshop.source(["columns": Self.columns]).read()
            #expect(reading.rows.first == ["1", nil], "\(sample.text.prefix(40))")
            // What follows the end of its record is no part of it.
            #expect(reading.rows.count == (sample.text == "{\"a\":1}}" ? 2 : 1), "\(sample.text.prefix(40))")
            #expect(
                reading.failure?.contains("data.json:2 cannot be read at byte") == true,
                "\(sample.text.prefix(40))"
            )
        }
    }

    @Test func whatIsForbiddenAroundTheRecordsEndsTheRun() async throws {
        for sample in Samples.bad {
            try workshop.write("{\"x\":\(sample.text),\"r\":[]}")
            let source = try workshop.source(["records_at": "/r"])
            #expect(try await source.read().failure != nil, "\(sample.text.prefix(40))")
            try workshop.write("{\"r\":[{\"a\":1}],\"x\":\(sample.text)}")
            let reading = try await source.read()
            #expect(reading.rows == [["1", nil]] && reading.failure != nil, "\(sample.text.prefix(40))")
        }
    }

    @Test func whatIsAllowedAroundTheRecordsIsPassedBy() async throws {
        for sample in Samples.good {
            try workshop.write("{\"x\":\(sample),\"r\":[{\"a\":1}],\"y\":\(sample)}")
            let reading = try await workshop.source(["records_at": "/r"]).read()
            #expect(reading.rows == [["1", nil]] && reading.failure == nil, "\(sample.prefix(40))")
        }
    }

    @Test func pythonTakesAndRefusesTheSame() throws {
        try workshop.write(
            (Samples.good + Samples.bad.filter { $0.code != "too_deep" }.map(\.text)).map { "{\"a\":\($0)}\n" }.joined()
        )
        let answers = try Oracle.answers(ofFile: "data.json", members: [], in: workshop)
        let count = Samples.good.count
        #expect(answers.prefix(count).allSatisfy { $0 == .cells([]) })
        #expect(answers.dropFirst(count).allSatisfy { $0 == .refused })
    }

    @Test(arguments: [
        ("\u{FEFF}{\"a\":1}\n", 1, 0), ("\u{FEFF}\u{FEFF}{\"a\":1}\n", 0, 1), ("{\"a\":1}\n\u{FEFF}{\"a\":1}\n", 1, 1),
        ("\u{FEFF}", 0, 0),
    ])
    func oneByteOrderMarkMayBegin(_ text: String, _ rows: Int, _ flaws: Int) async throws {
        try workshop.write(text)
        let reading = try await workshop.source(["allow_empty": true]).read()
        #expect(reading.rows.count == rows && reading.unreadable.count == flaws)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80],
            [0x80],
        ] as [[UInt8]]
    )
    func bytesThatAreNoTextMakeTheirRecordUnreadable(_ bytes: [UInt8]) async throws {
        let before = Array("{\"a\":1}\n{\"a\":\"".utf8)
        try workshop.write(before + bytes + Array("\"}\n{\"a\":\"é\"}\n".utf8))
        let lines = try await workshop.source().read()
        #expect(lines.rows == [["1", nil], ["é", nil]])
        #expect(lines.flaws == ["2 ill_formed_text"])

        try workshop.write(Array("[{\"a\":\"".utf8) + bytes + Array("\"},{\"a\":2}]".utf8))
        let array = try await workshop.source().read()
        #expect(array.rows == [["2", nil]])
        #expect(array.unreadable.map(\.code) == ["ill_formed_text"])

        try workshop.write(Array("{\"x\":\"".utf8) + bytes + Array("\",\"r\":[]}".utf8))
        #expect(try await workshop.source(["records_at": "/r"]).read().failure?.contains("encoding") == true)
    }

    @Test func faultsNameTheByteAndHoldNoValue() async throws {
        try workshop.write("{\"a\":1}\n{\"a\": \"Ada\", \"b\": Lovelace}\n")
        let reading = try await workshop.source().read()
        #expect(reading.unreadable.map(\.reason) == ["the line is not JSON: a value is due"])
        #expect(reading.unreadable.map(\.place) == ["\(workshop.path)/data.json:2 (byte 26)"])
        try workshop.write("\u{FEFF}[{\"a\":1},\n {\"a\": \"Ada\" \"b\"}]")
        let failure = try await workshop.source().read().failure
        #expect(failure?.contains("data.json:2 cannot be read at byte 26: a comma or the object's end is due") == true)
        #expect(failure?.contains("Ada") == false)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let isBlank: (Unicode.Scalar) -> Bool = { " \t\r\n".unicodeScalars.contains($0) }
        var scalars = unicodeScalars[...]
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return String(scalars)
    }
}
