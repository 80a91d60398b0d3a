import PostgresClient
import RollcallTestSupport
import Testing

/// A client that does not wait for ever.
@Suite struct PostgresPatienceTests {
    /// Far above what a busy machine makes a server wait that is at work.
    private static let limit = Duration.seconds(5)

    @Test func aStatementThatTakesTooLongIsGivenUpAndStopped() async throws {
        let database = try await TestPostgres.database()
        let observer = try await PostgresConnection.connect(database)
        let connection = try await PostgresConnection.connect(database, answerTimeout: Self.limit)
        let process = try await connection.query("SELECT pg_backend_pid()").first?[0] ?? ""
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT pg_sleep(60)") }
        #expect(error?.kind == .timeout)
        #expect(error?.isConnectionGone == true)
        #expect(error?.description.contains("has sent nothing for 5 s") == true)
        // Whatever it still says must not be taken for an answer to something else.
        let second = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 2") }
        #expect(second?.isConnectionGone == true)
        await connection.rollback()
        await connection.close()
        #expect(try await observer.hasEnded(serverProcess: process))
    }

    @Test func rowsThatComeInTimeAreReadHoweverLongAllOfThemTake() async throws {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database, answerTimeout: Self.limit)
        // Large enough that each row is sent at once; six seconds in all.
        try await connection.startCopyOut(
            """
            COPY (SELECT repeat('x', 100000) FROM generate_series(1, 8) AS n, LATERAL (SELECT pg_sleep(0.75 + 0 * n)) AS wait)
            TO STDOUT
            """
        )
        var count = 0
        while try await connection.readCopy(maxRows: 100, into: &count, { count, _ in count += 1 }) > 0 {}
        #expect(count == 8)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aReaderMayTakeItsTime() async throws {
        let database = try await TestPostgres.database()
        let other = try await PostgresConnection.connect(database)
        let connection = try await PostgresConnection.connect(database, answerTimeout: Self.limit)
        try await connection.startCopyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT")
        var count = 0
        _ = try await connection.readCopy(maxRows: 1, into: &count) { count, _ in count += 1 }
        // Longer than the limit, which is for the server.
        try await other.query("SELECT pg_sleep(6)")
        while try await connection.readCopy(maxRows: 5_000, into: &count, { count, _ in count += 1 }) > 0 {}
        #expect(count == 20_000)
    }
}
