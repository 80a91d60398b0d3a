import PostgresClient
import RollcallTestSupport
import Synchronization
import Testing

struct PostgresConnectionTests {
    @Test func nullAndTheEmptyStringAreToldApart() async throws {
        let connection = try await testConnection()
        let row = try #require(try await connection.query("SELECT NULL::text AS absent, '' AS empty").first)
        #expect(try row["absent"] == nil)
        #expect(try row["empty"] == "")
        #expect(row[0] == nil)
        #expect(row[1] == "")
    }

    @Test func theColumnsOfAStatementAreFoundWithoutRunningIt() async throws {
        let connection = try await testConnection()
        let columns = try await connection.describe("SELECT 1 / 0 AS ratio, 'x'::text AS name")
        #expect(columns == [PostgresColumn(name: "ratio", typeOID: 23), PostgresColumn(name: "name", typeOID: 25)])
        let error = await #expect(throws: PostgresError.self) { try await connection.describe("SELECT nothing") }
        #expect(error?.sqlState == .undefinedColumn)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func cellsAreReadAsTheTypesOfSwift() async throws {
        let connection = try await testConnection()
        let rows = try await connection.query(
            """
            SELECT 42 AS int, 1.5::float8 AS double, true AS yes, false AS no, 'Ωμέγα' AS text,
                   '\\x00ff10'::bytea AS bytes, NULL::int AS absent, '-Infinity'::float8 AS infinite, ''::bytea AS none
            """
        )
        let row = try #require(rows.first)
        #expect(try row.value("int", as: Int.self) == 42)
        #expect(try row.value("double", as: Double.self) == 1.5)
        #expect(try row.value("infinite", as: Double.self) == -.infinity)
        #expect(try row.value("yes", as: Bool.self))
        #expect(try row.value("no", as: Bool.self) == false)
        #expect(try row.value("text", as: String.self) == "Ωμέγα")
        #expect(try row.value("bytes", as: [UInt8].self) == [0x00, 0xff, 0x10])
        #expect(try row.value("none", as: [UInt8].self) == [])
        #expect(try row.optional("absent", as: Int.self) == nil)
        #expect(rows.columns.first == PostgresColumn(name: "int", typeOID: 23))
    }

    @Test func aCellThatIsNotWhatWasAskedForIsAnErrorThatNamesTheColumnAndNotTheValue() async throws {
        let connection = try await testConnection()
        let row = try #require(try await connection.query("SELECT 'Eleni' AS name, NULL AS absent").first)

        let notANumber = #expect(throws: PostgresError.self) { try row.value("name", as: Int.self) }
        #expect(notANumber?.kind == .decoding)
        #expect(notANumber?.description == #"column "name" holds a value that is not a Int"#)
        let null = #expect(throws: PostgresError.self) { try row.value("absent", as: Int.self) }
        #expect(null?.description == #"column "absent" is NULL where a Int is needed"#)
        let missing = #expect(throws: PostgresError.self) { try row["phone"] }
        #expect(missing?.description == #"the answer has no column "phone"; it has "name", "absent""#)
    }

    @Test(arguments: [
        "plain", "", "it's", #"say "hi""#, "$1; DROP TABLE x; --", "back\\slash", "tab\tnew\nline", "日本 🎌",
    ])
    func aParameterArrivesAsItWasGiven(value: String) async throws {
        let connection = try await testConnection()
        let row = try #require(try await connection.query("SELECT $1::text, $2::text", [value, nil]).first)
        #expect(row[0] == value)
        #expect(row[1] == nil)
    }

    @Test func bytesArriveAsTheyAreWhateverTheyAre() async throws {
        let connection = try await testConnection()
        let every = (0...255).map { UInt8($0) }
        let parameters: [PostgresParameter] = [
            .bytes(every), .bytes([]), .bytes(nil), .text(nil), .text("é"), .bytes(every),
        ]
        for _ in 0..<2 {
            let rows = try await connection.queryPrepared(
                "SELECT $1::bytea, $2::bytea, $3::bytea, $4::text, $5::text, $6::bytea",
                parameters
            )
            let row = try #require(rows.first)
            let hexadecimal = #"\x"# + every.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect((0..<6).map { row[$0] } == [hexadecimal, #"\x"#, nil, nil, "é", hexadecimal])
        }
        let alone = try await connection.queryPrepared("SELECT $1::bytea IS NULL, length($1::bytea)", [.bytes([])])
        #expect(alone.first?[0] == "f")
        #expect(alone.first?[1] == "0")
    }

    @Test func aNULCharacterIsRefusedInsteadOfCuttingTheTextShort() async throws {
        let connection = try await testConnection()
        let parameter = await #expect(throws: PostgresError.self) {
            try await connection.query("SELECT $1, $2", ["a", "b\0c"])
        }
        #expect(parameter?.kind == .misuse)
        #expect(parameter?.message.contains("$2") == true)
        let statement = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1 -- \0") }
        #expect(statement?.kind == .misuse)
    }

    @Test func theNumberOfAffectedRowsIsKnown() async throws {
        let connection = try await testConnection()
        #expect(try await connection.query("CREATE TABLE lead (id int)").affectedRowCount == 0)
        #expect(try await connection.query("INSERT INTO lead SELECT generate_series(1, 7)").affectedRowCount == 7)
        #expect(try await connection.query("UPDATE lead SET id = id + 10 WHERE id > 5").affectedRowCount == 2)
        #expect(try await connection.query("SELECT id FROM lead").map { $0[0] }.count == 7)
    }

    @Test func aScriptIsOneTransaction() async throws {
        let connection = try await testConnection()
        await #expect(throws: PostgresError.self) {
            try await connection.execute(script: "CREATE TABLE a (id int); CREATE TABLE b (id int); SELECT 1/0;")
        }
        let tables = try await connection.query("SELECT 1 FROM pg_tables WHERE schemaname = current_schema()")
        #expect(tables.isEmpty)
        try await connection.execute(script: "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (2);")
        #expect(try await connection.query("SELECT id FROM a").count == 2)
    }

    @Test func noticesGoToTheHandler() async throws {
        let notices = Mutex<[PostgresNotice]>([])
        let connection = try await PostgresConnection.connect(TestPostgres.database()) { notice in
            notices.withLock { $0.append(notice) }
        }
        try await connection.query("DROP TABLE IF EXISTS nothing_of_that_name")
        let received = notices.withLock(\.self)
        let notice = try #require(received.first)
        #expect(notice.severity == "NOTICE")
        #expect(notice.message.contains("nothing_of_that_name"))
        #expect(notice.sqlState?.rawValue == "00000")
    }

    @Test func aClosedConnectionRefusesWork() async throws {
        let connection = try await testConnection()
        await connection.close()
        await connection.close()
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(error?.kind == .connection)
        #expect(error?.isConnectionGone == true)
    }

    @Test func aReleasedConnectionIsClosedOnTheServer() async throws {
        let database = try await TestPostgres.database()
        let observer = try await PostgresConnection.connect(database)
        var connection: PostgresConnection? = try await PostgresConnection.connect(database)
        let processID = try #require(try await connection?.query("SELECT pg_backend_pid()").first?[0])
        connection = nil
        #expect(try await observer.hasEnded(serverProcess: processID))
    }

    /// With more statements waiting than there are cores; it would hang if they held the threads that all tasks share.
    @Test(.timeLimit(.minutes(5)))
    func statementsThatWaitHoldUpNoOtherTask() async throws {
        let database = try await TestPostgres.database()
        let holder = try await PostgresConnection.connect(database)
        try await holder.query("SELECT pg_advisory_lock(1)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                let connection = try await PostgresConnection.connect(database)
                group.addTask { try await connection.query("SELECT pg_advisory_lock_shared(1)") }
            }
            #expect(try await holder.waits(for: "(SELECT count(*) FROM pg_locks WHERE NOT granted AND objid = 1) = 12"))
            try await holder.query("SELECT pg_advisory_unlock(1)")
            try await group.waitForAll()
        }
    }

    @Test func theApplicationNameIsShownToTheServer() async throws {
        let connection = try await testConnection()
        #expect(try await connection.query("SHOW application_name").first?[0] == "rollcall")
    }
}
