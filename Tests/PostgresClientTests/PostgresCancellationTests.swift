import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresCancellationTests {
    @Test func aCancelledTaskStopsItsStatementOnTheServer() async throws {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        let observer = try await PostgresConnection.connect(database)
        let task = Task { try await connection.query("SELECT pg_sleep(60)") }
        #expect(try await observer.sees(running: "SELECT pg_sleep(60)"))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func aTaskCancelledBeforeItsStatementSendsNone() async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE entry (id int)")
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await connection.query("INSERT INTO entry VALUES (1)")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
    }

    /// A cancel request that comes too late must not hit the statement that follows.
    @Test(arguments: 0..<20)
    func aCancellationNeverHitsTheNextStatement(seed: Int) async throws {
        let connection = try await testConnection()
        let task = Task {
            for _ in 0..<50 { try await connection.query("SELECT pg_sleep(0.0005)") }
        }
        // A different moment for each seed, counted in statements of another connection.
        let clock = try await testConnection()
        for _ in 0..<seed { try await clock.query("SELECT 1") }
        task.cancel()
        let outcome = await task.result
        if case .failure(let error) = outcome { #expect(error is CancellationError) }
        for _ in 0..<20 { try await connection.query("SELECT pg_sleep(0.0005)") }
    }

    @Test func aCancelledTaskCanStillLeaveItsTransaction() async throws {
        let connection = try await testConnection()
        try await connection.query("CREATE TABLE entry (id int)")
        let task = Task {
            try await connection.begin(.readWrite)
            try await connection.query("INSERT INTO entry VALUES (1)")
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            await connection.rollback()
        }
        try await task.value
        try await connection.begin(.readWrite)
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
        try await connection.commit()
    }
}
