import GenesysCloud
import Testing

@Suite struct ContactExportReaderTests {
    /// The header as the service writes it, defect and all, and then rows with everything that CSV allows.
    private static let file =
        "\u{FEFF}\"\"\"inin-outbound-id\"\"\",Name,\"Phone, home\",ContactCallable,Callable-Phone,Note\r\n"
        + "a-1,Ada,+353,1,1,x\r\n"
        + "\"b-2\",\"\",\"4,5\",0,1,\"skipped\n\"\"note\"\"\"\r\n"
        + "c-3,\"line one\r\nline \"\"two\"\"\",,true,,\n"
        + "\r\n"
        + "d-4,\u{1F600}\u{e9}\rx,\"\"\"\",False,\"\",\n"
        + "e-5,last,,,,"
    private static let columns = ["Phone, home", "Name"]
    private static let rows = [
        "a-1 [+353|Ada] true", "b-2 [4,5|] false", "c-3 [|line one\r\nline \"two\"] true",
        "d-4 [\"|\u{1F600}\u{e9}\rx] false", "e-5 [|last] nil",
    ]

    @Test func aFileIsReadWhole() throws {
        #expect(try Self.read(Self.file, Self.columns) == Self.rows)
    }

    @Test(arguments: 1...20)
    func aFileIsReadInPiecesOfAnySize(size: Int) throws {
        #expect(try Self.read(Self.file, Self.columns, pieceSize: size) == Self.rows)
    }

    @Test func aFileMayBeCutInTwoAnywhere() throws {
        let bytes = Array(Self.file.utf8)
        for cut in 0...bytes.count {
            var reader = ContactExportReader(columns: Self.columns)
            var rows: [String] = []
            try reader.read(bytes.span.extracting(..<cut)) { rows.append(Self.text($0)) }
            try reader.read(bytes.span.extracting(cut...)) { rows.append(Self.text($0)) }
            try reader.finish { rows.append(Self.text($0)) }
            #expect(rows == Self.rows, "cut at \(cut)")
        }
    }

    @Test(arguments: [
        "inin-outbound-id", "\"inin-outbound-id\"", "\"\"\"inin-outbound-id\"\"\"", "\"\"inin-outbound-id\"\"",
        "\u{FEFF}inin-outbound-id", "\u{FEFF}\"\"inin-outbound-id\"\"", "\"\u{FEFF}\"\"inin-outbound-id\"\"\"",
    ])
    func theIDIsFoundUnderEverySpellingOfTheDefect(header: String) throws {
        #expect(try Self.read("\(header),Name\na,Ada\n", ["Name"]) == ["a [Ada] nil"])
        #expect(try Self.read("\(header)\na\n", []) == ["a [] nil"])
    }

    @Test func columnsMayStandInAnyOrder() throws {
        let file = "ContactCallable,Name,Callable-Name,inin-outbound-id\n0,Ada,1,a\n"
        #expect(try Self.read(file, ["Name"]) == ["a [Ada] false"])
        // One byte of the mark, and then another character.
        #expect(try Self.read("\u{FF21},inin-outbound-id\nx,a\n", ["\u{FF21}"]) == ["a [x] nil"])
    }

    @Test func anEmptyListHasAHeaderOnly() throws {
        #expect(try Self.read("inin-outbound-id,Name", ["Name"]).isEmpty)
        #expect(try Self.read("inin-outbound-id,Name\r\n", ["Name"]).isEmpty)
    }

    @Test func aColumnOfTheListNamedLikeTheFlagHidesTheFlag() throws {
        let file = "inin-outbound-id,ContactCallable,ContactCallable\na,x,0\n"
        #expect(try Self.read(file, []) == ["a [] nil"])
        let error = try Self.fault(file, ["ContactCallable"])
        #expect(error.description.contains("the header has 2 columns `ContactCallable`"))
    }

    @Test(arguments: [
        ("", "the header has no column at all"),
        ("Name\nAda\n", "the header has no column `inin-outbound-id`"),
        ("inin-outbound-id\na\n", "the header has no column `Name`"),
        ("inin-outbound-id,name\na,Ada\n", "the header has no column `Name`"),
        ("inin-outbound-id,Name,Name\na,Ada,Ada\n", "the header has 2 columns `Name`"),
        ("inin-outbound-id,inin-outbound-id,Name\na,b,Ada\n", "the header has 2 columns `inin-outbound-id`"),
        ("<html>\n<body>", "the header has no column `inin-outbound-id`"),
        ("inin-outbound-id,\"Name\na,Ada\n", "the header has a quoted field without an end"),
        ("inin-outbound-id,Name\na,Ada\nb\n", "row 2 has 1 instead of 2 fields"),
        ("inin-outbound-id,Name\na,Ada,\n", "row 1 has 3 instead of 2 fields"),
        ("inin-outbound-id,Name\na,Ada\nb", "row 2 has 1 instead of 2 fields"),
        ("inin-outbound-id,Name\na,Ada\n,Ada\n", "row 2 has an empty id"),
        ("inin-outbound-id,Name\na,\"Ada\n", "row 1 has a quoted field without an end"),
        ("inin-outbound-id,Name\na,\"Ada\"x\n", "row 1 has text after the closing quote of a field"),
        ("inin-outbound-id,Name\na,\"Ada\"\rx\n", "row 1 has text after the closing quote of a field"),
    ])
    func aMalformedFileIsNamedByItsRow(file: String, message: String) throws {
        for pieceSize in [1, file.utf8.count + 1] {
            let error = try Self.fault(file, ["Name"], pieceSize: pieceSize)
            #expect(error.description.contains(message), "\(error)")
            #expect(!error.debugDescription.contains("Ada"))
        }
    }

    @Test func aFieldWithoutEndIsNotKept() throws {
        let file = "inin-outbound-id,Name\na,\"" + String(repeating: "Ada", count: 30_000)
        let error = try Self.fault(file, ["Name"], pieceSize: 1_000)
        #expect(error.description.contains("row 1 has a field of more than 65536 bytes"))
    }

    @Test func aFieldThatIsNotUTF8IsAFault() throws {
        var bytes = Array("inin-outbound-id,Name\na,Ada\n".utf8)
        bytes[bytes.count - 2] = 0xFF
        var reader = ContactExportReader(columns: ["Name"])
        let error = try #require(#expect(throws: GenesysError.self) { try reader.read(bytes.span) { _ in } })
        #expect(error.description.contains("row 1 has a field that is not UTF-8"))
    }

    @Test func aRowThatThrowsEndsTheReading() {
        struct Enough: Error {}
        var reader = ContactExportReader(columns: [])
        var count = 0
        #expect(throws: Enough.self) {
            try reader.read(Array("inin-outbound-id\na\nb\n".utf8).span) { _ in
                count += 1
                throw Enough()
            }
        }
        #expect(count == 1)
    }

    @Test func aContactShowsNoValue() throws {
        var reader = ContactExportReader(columns: ["Name"])
        try reader.read(Array("inin-outbound-id,Name\na,Ada\n".utf8).span) { contact in
            var dumped = ""
            dump(contact, to: &dumped)
            #expect(!(dumped + "\(contact)").contains("Ada"))
        }
    }

    private static func read(_ file: String, _ columns: [String], pieceSize: Int = .max) throws -> [String] {
        var reader = ContactExportReader(columns: columns)
        var rows: [String] = []
        let bytes = Array(file.utf8)
        var start = 0
        while start < bytes.count {
            let end = start + min(pieceSize, bytes.count - start)
            try reader.read(bytes.span.extracting(start..<end)) { rows.append(text($0)) }
            start = end
        }
        try reader.finish { rows.append(text($0)) }
        return rows
    }

    private static func fault(
        _ file: String,
        _ columns: [String],
        pieceSize: Int = .max
    ) throws -> GenesysError {
        let error = try #require(#expect(throws: GenesysError.self) { try read(file, columns, pieceSize: pieceSize) })
        #expect(error.kind == .unexpectedAnswer)
        return error
    }

    private static func text(_ contact: ExportedContact) -> String {
        "\(contact.id) [\(contact.values.joined(separator: "|"))] \(contact.isCallable.map(String.init) ?? "nil")"
    }
}
