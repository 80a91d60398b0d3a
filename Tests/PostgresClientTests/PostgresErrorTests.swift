import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let state: SQLState
        let text: String
        var testDescription: String { sql }
    }

    @Test(arguments: [
        Case(
            sql: "SELECT * FROM crm.leads",
            state: .undefinedTable,
            text: #"relation "crm.leads" does not exist (SQLSTATE 42P01), at line 1, column 15 of the statement"#
        ),
        Case(
            sql: "SELECT id,\n       phnoe\nFROM person",
            state: .undefinedColumn,
            text: """
                column "phnoe" does not exist (SQLSTATE 42703), at line 2, column 8 of the statement
                  hint: Perhaps you meant to reference the column "person.phone".
                """
        ),
        Case(
            sql: "SELEC 1",
            state: .syntaxError,
            text: #"syntax error at or near "SELEC" (SQLSTATE 42601), at line 1, column 1 of the statement"#
        ),
        Case(
            sql: "INSERT INTO person VALUES (1, '+306900000001')",
            state: .uniqueViolation,
            text: #"duplicate key value violates unique constraint "person_phone_key" (SQLSTATE 23505)"#
        ),
        Case(
            sql: "INSERT INTO person VALUES (NULL, '+306900000002')",
            state: .notNullViolation,
            text: #"null value in column "id" of relation "person" violates not-null constraint (SQLSTATE 23502)"#
        ),
        Case(
            sql: "SELECT phone::int8::int4 FROM person",
            state: SQLState(rawValue: "22003"),
            text: "integer out of range (SQLSTATE 22003)"
        ),
        Case(
            sql: "SELECT ('x' || phone)::date FROM person",
            state: SQLState(rawValue: "22007"),
            text: #"invalid input syntax for type date: "…" (SQLSTATE 22007)"#
        ),
        Case(
            sql: "DO $$ BEGIN RAISE EXCEPTION 'bad phone %', (SELECT phone FROM person); END $$",
            state: SQLState(rawValue: "P0001"),
            text: "an exception raised by code in the database, whose text is not shown because it may quote a row "
                + "(SQLSTATE P0001)"
        ),
    ])
    func theTextSaysWhatAndWhereAndQuotesNoRow(of example: Case) async throws {
        let connection = try await testConnection()
        try await connection.execute(
            script:
                "CREATE TABLE person (id int NOT NULL, phone text UNIQUE); INSERT INTO person VALUES (1, '+306900000001');"
        )
        let error = try #require(await #expect(throws: PostgresError.self) { try await connection.query(example.sql) })
        #expect(error.kind == .query)
        #expect(error.sqlState == example.state)
        #expect(error.description == example.text)
        #expect(error.sql == example.sql)
        #expect(!error.isConnectionGone)
    }

    @Test(arguments: [
        (#"invalid input syntax for type integer: "6 "90" 0""#, #"invalid input syntax for type integer: "…""#),
        ("ungültige Eingabesyntax für Typ integer: »690«", "ungültige Eingabesyntax für Typ integer:…"),
        ("la valeur « 690 » est hors limites", "la valeur «…"),
        ("integer out of range", "integer out of range"),
    ])
    func aValueIsLeftOutHoweverItIsQuoted(message: String, shown: String) {
        let error = PostgresError(.query, message, sqlState: .invalidTextRepresentation)
        #expect(error.description == "\(shown) (SQLSTATE 22P02)")
        #expect(error.debugDescription.contains(message))
    }

    @Test func theDetailIsForDebuggingOnly() async throws {
        let connection = try await testConnection()
        try await connection.execute(script: "CREATE TABLE person (phone text UNIQUE)")
        let insert = "INSERT INTO person VALUES ($1)"
        try await connection.query(insert, ["+306900000001"])
        let error = try #require(
            await #expect(throws: PostgresError.self) { try await connection.query(insert, ["+306900000001"]) }
        )
        #expect(error.constraint == "person_phone_key")
        #expect(error.table == "person")
        #expect(error.schema == (try await connection.query("SELECT current_schema()").first?[0]))
        #expect(error.detail == "Key (phone)=(+306900000001) already exists.")
        #expect(!error.description.contains("+30"))
        #expect(error.debugDescription.contains("+306900000001"))
        #expect(error.debugDescription.contains("$1"))
    }

    @Test func aMissingPermissionIsRecognised() async throws {
        let connection = try await PostgresConnection.connect(TestPostgres.database())
        let role = "reader_\(UInt64.random(in: 0...(.max)))"
        try await connection.execute(script: "CREATE TABLE secret (id int); CREATE ROLE \(role); SET ROLE \(role);")
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT * FROM secret") }
        #expect(error?.sqlState == .insufficientPrivilege)
        try await connection.execute(script: "RESET ROLE; DROP ROLE \(role);")
    }

    @Test func aStatementTimeoutIsATimeoutAndNotACancellation() async throws {
        let connection = try await testConnection()
        try await connection.query("SET statement_timeout = '20ms'")
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT pg_sleep(60)") }
        #expect(error?.kind == .timeout)
        #expect(error?.sqlState == .queryCanceled)
        #expect(error?.isConnectionGone == false)
    }

    @Test func aStatementCancelledByAnAdministratorIsAQueryError() async throws {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        let observer = try await PostgresConnection.connect(database)
        let processID = try #require(try await connection.query("SELECT pg_backend_pid()").first?[0])
        let task = Task { try await connection.query("SELECT pg_sleep(60)") }
        #expect(try await observer.sees(running: "SELECT pg_sleep(60)"))
        try await observer.query("SELECT pg_cancel_backend($1::int)", [processID])
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .query)
        #expect(error?.sqlState == .queryCanceled)
    }

    @Test func aConnectionEndedByTheServerIsGone() async throws {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        let observer = try await PostgresConnection.connect(database)
        let processID = try #require(try await connection.query("SELECT pg_backend_pid()").first?[0])
        let task = Task { try await connection.query("SELECT pg_sleep(60)") }
        #expect(try await observer.sees(running: "SELECT pg_sleep(60)"))
        try await observer.query("SELECT pg_terminate_backend($1::int)", [processID])
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .connection)
        #expect(error?.sqlState == .adminShutdown)
        #expect(error?.isConnectionGone == true)

        let next = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(next?.kind == .connection)
        #expect(next?.isConnectionGone == true)
    }

    @Test func aServerThatIsNotThereIsAConnectionErrorWithoutThePassword() async throws {
        let configuration = try PostgresConfiguration("postgres://eleni:s3cret@localhost:1/crm?host=/nonexistent")
        let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(configuration) }
        #expect(error?.kind == .connection)
        #expect(error?.isConnectionGone == true)
        #expect(error?.description.contains("/nonexistent") == true)
        #expect(error?.debugDescription.contains("s3cret") == false)
    }
}
