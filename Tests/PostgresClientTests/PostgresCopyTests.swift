import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresCopyTests {
    private struct Refusal: Error {}

    /// More than any test reads; the server makes the rows as it sends them.
    private static let bigCopy = "COPY (SELECT generate_series(1, 100000000), repeat('x', 90)) TO STDOUT"

    @Test func aLineComesAsTheServerWroteItWithoutItsNewline() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(#"COPY (VALUES (1, 'a'), (2, E'tab\there'), (3, NULL), (4, '')) TO STDOUT"#)
        #expect(try await connection.readLines(maxRows: 10) == ["1\ta", #"2"# + "\t" + #"tab\there"#, "3\t\\N", "4\t"])
        #expect(try await connection.readLines(maxRows: 10) == [])
        #expect(try await connection.readLines(maxRows: 10) == [])
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aLineMayBeEmpty() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (VALUES (''), ('')) TO STDOUT")
        #expect(try await connection.readLines(maxRows: 10) == ["", ""])
    }

    @Test func anEmptyTableEndsAtOnce() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT 1 WHERE false) TO STDOUT")
        #expect(try await connection.readLines(maxRows: 10) == [])
    }

    @Test func rowsComeInBatchesOfTheSizeAskedFor() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT generate_series(1, 2500)) TO STDOUT")
        var sizes: [Int] = []
        var sum = 0
        while true {
            let lines = try await connection.readLines(maxRows: 1_000)
            sizes.append(lines.count)
            sum += lines.compactMap { Int($0) }.reduce(0, +)
            if lines.isEmpty { break }
        }
        #expect(sizes == [1_000, 1_000, 500, 0])
        #expect(sum == 2_500 * 2_501 / 2)
    }

    @Test func aBatchOfLongRowsEndsEarly() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT repeat('x', 99) FROM generate_series(1, 10)) TO STDOUT")
        #expect(try await connection.readLines(maxRows: 1_000, maxBytes: 250).count == 3)
        #expect(try await connection.readLines(maxRows: 1_000, maxBytes: 1).count == 1)
        #expect(try await connection.readLines(maxRows: 1_000).count == 6)
    }

    @Test func aMillionRowsArriveWhole() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(
            "COPY (SELECT i, i * 2, 'name ' || i FROM generate_series(1, 1000000) AS i) TO STDOUT"
        )
        var tally = Tally()
        while try await connection.readCopy(maxRows: 10_000, into: &tally, { $0.add($1) }) > 0 {}
        #expect(tally.rows == 1_000_000)
        let expected = try await connection.query(
            "SELECT sum(octet_length(i || E'\\t' || i * 2 || E'\\tname ' || i)) AS bytes FROM generate_series(1, 1000000) AS i"
        )
        #expect(try tally.bytes == #require(expected.first).value("bytes"))
    }

    @Test func aBinaryRowHasTheBytesOfItsFields() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(
            #"COPY (VALUES (true, '\x00ff0a5c'::bytea), (false, NULL), (NULL, '')) TO STDOUT (FORMAT binary)"#,
            .binary
        )
        var rows: [[[UInt8]?]] = []
        var counts: [Int] = []
        repeat {
            counts.append(
                try await connection.readCopy(maxRows: 2, into: &rows) { rows, row in
                    let fields = try PostgresBinaryRow.fields(of: row)
                    rows.append(fields.map { range in range.map { range in range.map { row[$0] } } })
                }
            )
        } while counts.last != 0
        #expect(rows == [[[1], [0, 0xFF, 0x0A, 0x5C]], [[0], nil], [nil, []]])
        #expect(counts == [2, 1, 0])
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func anEmptyTableHasNoBinaryRows() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)", .binary)
        #expect(try await connection.readLines(maxRows: 10) == [])
    }

    @Test(arguments: [[0, 1, 0], [0, 1, 0, 0, 0, 5, 1], [0, 1, 0xFF, 0xFF, 0xFF, 0xFE]] as [[UInt8]])
    func aBinaryRowThatEndsWithinAFieldIsAnError(bytes: [UInt8]) {
        let error = #expect(throws: PostgresError.self) { try PostgresBinaryRow.fields(of: bytes.span) }
        #expect(error?.kind == .decoding)
    }

    private struct Tally: Sendable {
        var rows = 0
        var bytes = 0

        mutating func add(_ line: Span<UInt8>) {
            rows += 1
            bytes += line.count
        }
    }

    @Test func anErrorInMidCopyIsThrownAndNotTakenForTheEnd() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(
            "COPY (SELECT 1 / (50000 - i) FROM generate_series(1, 100000) AS i) TO STDOUT"
        )
        let error = await #expect(throws: PostgresError.self) {
            while try await !connection.readLines(maxRows: 1_000).isEmpty {}
        }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func rowsBeforeAnErrorAreHandedOverFirst() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT 1 / (50 - i) FROM generate_series(1, 100) AS i) TO STDOUT")
        #expect(try await connection.readLines(maxRows: 1_000).count == 49)
        let error = await #expect(throws: PostgresError.self) { try await connection.readLines(maxRows: 1_000) }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aServerProcessKilledInMidCopyIsAnErrorAndNotTheEnd() async throws {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        let processID = try #require(try await connection.query("SELECT pg_backend_pid()").first?[0])
        try await connection.startCopyOut(Self.bigCopy)
        #expect(try await connection.readLines(maxRows: 100).count == 100)

        let killer = try await PostgresConnection.connect(database)
        try await killer.query("SELECT pg_terminate_backend($1::int)", [processID])
        let error = await #expect(throws: PostgresError.self) {
            while try await !connection.readLines(maxRows: 1_000).isEmpty {}
        }
        #expect(error?.kind == .connection)
        #expect(error?.isConnectionGone == true)
    }

    @Test func aCancelledReaderStopsTheServerAndLeavesAUsableConnection() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(Self.bigCopy)
        let task = Task {
            while true {
                guard try await connection.readLines(maxRows: 100).count == 100 else { return }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aReaderThatThrowsEndsTheCopyAndLeavesAUsableConnection() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut(Self.bigCopy)
        var rows = 0
        await #expect(throws: Refusal.self) {
            _ = try await connection.readCopy(maxRows: 100, into: &rows) { rows, _ in
                rows += 1
                if rows == 10 { throw Refusal() }
            }
        }
        #expect(rows == 10)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aStatementInMidCopyIsRefusedAndTheCopyGoesOn() async throws {
        let connection = try await testConnection()
        try await connection.startCopyOut("COPY (SELECT generate_series(1, 20)) TO STDOUT")
        #expect(try await connection.readLines(maxRows: 5).count == 5)
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(error?.kind == .misuse)
        #expect(try await connection.readLines(maxRows: 100).count == 15)
    }

    @Test(arguments: ["SELECT 1", "COPY (SELECT 1) TO STDOUT (FORMAT binary)", "COPY other FROM STDIN"])
    func whatIsNoTextCopyToTheClientIsRefused(sql: String) async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE other (id int)")
        let error = await #expect(throws: PostgresError.self) { try await connection.startCopyOut(sql) }
        #expect(error?.kind == .misuse)
        let unread = await #expect(throws: PostgresError.self) { try await connection.readLines(maxRows: 1) }
        #expect(unread?.kind == .misuse)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test(arguments: [bigCopy, "COPY other FROM STDIN"])
    func aCopyInAPlainQueryIsRefused(sql: String) async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE other (id int)")
        for run in [{ try await connection.query(sql) as Any }, { try await connection.execute(script: sql) as Any }] {
            let error = await #expect(throws: PostgresError.self) { _ = try await run() }
            #expect(error?.kind == .misuse)
        }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    // MARK: - COPY in

    @Test func whatIsWrittenIsReadBackAsItWas() async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE cell (id int, value text)")
        let values: [String?] = ["plain", "", nil, #"\N"#, "tab\tand\nnewline\r", #"back\slash"#, #"\."#, "Ωμέγα 🎌"]
        let count = try await connection.copyIn("COPY cell FROM STDIN") { writer in
            for (index, value) in values.enumerated() { try writer.writeRow([String(index), value]) }
        }
        #expect(count == values.count)
        let stored = try await connection.query("SELECT value FROM cell ORDER BY id").map { $0[0] }
        #expect(stored == values)
    }

    @Test(arguments: [7_777, 1_000_000])
    func rawBytesMayEndInMidRow(pieceSize: Int) async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE cell (id int, value text)")
        let text = Array((1...50_000).map { "\($0),\"name, \($0)\"\n" }.joined().utf8)
        let count = try await connection.copyIn("COPY cell FROM STDIN (FORMAT csv)") { writer in
            for start in stride(from: 0, to: text.count, by: pieceSize) {
                try writer.write(text.span.extracting(start..<min(start + pieceSize, text.count)))
            }
        }
        #expect(count == 50_000)
        #expect(try await connection.query("SELECT value FROM cell WHERE id = 49999").first?[0] == "name, 49999")
    }

    @Test(arguments: [1, 200_000])
    func aRowThatTheServerRefusesIsItsErrorHoweverMuchFollows(rowsAfterwards: Int) async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE cell (id int)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("COPY cell FROM STDIN") { writer in
                try writer.writeRow(["not a number"])
                for id in 0..<rowsAfterwards { try writer.writeRow([String(id)]) }
            }
        }
        #expect(error?.sqlState == .invalidTextRepresentation)
        #expect(error?.description.contains("not a number") == false)
        #expect(try await connection.query("SELECT * FROM cell").isEmpty)
    }

    @Test func aWriterThatThrowsLeavesNothingBehind() async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE cell (id int)")
        await #expect(throws: Refusal.self) {
            try await connection.copyIn("COPY cell FROM STDIN") { writer in
                for id in 0..<100_000 { try writer.writeRow([String(id)]) }
                throw Refusal()
            }
        }
        #expect(try await connection.query("SELECT * FROM cell").isEmpty)
    }
}

extension PostgresConnection {
    fileprivate func readLines(maxRows: Int, maxBytes: Int = .max) async throws -> [String] {
        var lines: [String] = []
        let count = try await readCopy(maxRows: maxRows, maxBytes: maxBytes, into: &lines) { lines, line in
            lines.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
        }
        #expect(count == lines.count)
        return lines
    }
}
