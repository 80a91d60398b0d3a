import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresTransactionTests {
    private struct Refusal: Error {}

    private static func connectionWithTable() async throws -> (PostgresConnection, PostgresConfiguration) {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        try await connection.query("CREATE TABLE entry (id int PRIMARY KEY)")
        return (connection, database)
    }

    @Test func whatTheBodyDidIsCommittedWhenItReturns() async throws {
        let (connection, database) = try await Self.connectionWithTable()
        let count = try await connection.transaction { session in
            try session.query("INSERT INTO entry VALUES (1)")
            try session.copyIn("COPY entry FROM STDIN") { try $0.writeRow(["2"]) }
            return try session.query("SELECT * FROM entry").count
        }
        #expect(count == 2)
        let other = try await PostgresConnection.connect(database)
        #expect(try await other.query("SELECT * FROM entry").count == 2)
    }

    @Test func whatTheBodyDidIsUndoneWhenItThrows() async throws {
        let (connection, _) = try await Self.connectionWithTable()
        await #expect(throws: Refusal.self) {
            try await connection.transaction { session in
                try session.query("INSERT INTO entry VALUES (1)")
                throw Refusal()
            }
        }
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
    }

    @Test func aFailedStatementThatWasPassedOverDoesNotLookLikeACommit() async throws {
        let (connection, _) = try await Self.connectionWithTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { session in
                try session.query("INSERT INTO entry VALUES (1)")
                do { try session.query("SELECT 1/0") } catch is PostgresError {}
            }
        }
        #expect(error?.sqlState == .failedTransaction)
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
    }

    @Test func tasksThatShareAConnectionDoNotGetIntoEachOthersTransactions() async throws {
        let (connection, _) = try await Self.connectionWithTable()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<40 {
                group.addTask {
                    if id.isMultiple(of: 2) {
                        try await connection.query("INSERT INTO entry VALUES ($1)", [String(id)])
                    } else {
                        await #expect(throws: Refusal.self) {
                            try await connection.transaction { session in
                                try session.query("INSERT INTO entry VALUES ($1)", [String(id)])
                                try session.query("SELECT pg_sleep(0.001)")
                                throw Refusal()
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let ids = try await connection.query("SELECT id FROM entry ORDER BY id").compactMap {
            $0[0].flatMap { Int($0) }
        }
        #expect(ids == Array(stride(from: 0, to: 40, by: 2)))
    }

    @Test func aRepeatableReadTransactionSeesOneSnapshotAndChangesNothing() async throws {
        let (connection, database) = try await Self.connectionWithTable()
        let writer = try await PostgresConnection.connect(database)
        try await connection.begin(.repeatableReadReadOnly)
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
        try await writer.query("INSERT INTO entry VALUES (1)")
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
        let error = await #expect(throws: PostgresError.self) { try await connection.query("DELETE FROM entry") }
        #expect(error?.sqlState == .readOnlyTransaction)
        await connection.rollback()
        #expect(try await connection.query("SELECT * FROM entry").count == 1)
    }

    @Test func aTransactionInsideATransactionIsRefused() async throws {
        let (connection, _) = try await Self.connectionWithTable()
        try await connection.begin(.readWrite)
        let error = await #expect(throws: PostgresError.self) { try await connection.begin(.readWrite) }
        #expect(error?.kind == .misuse)
        try await connection.query("INSERT INTO entry VALUES (1)")
        try await connection.commit()
        #expect(try await connection.query("SELECT * FROM entry").count == 1)
    }

    @Test func conflictingWritersOfOneSnapshotGetASerializationFailure() async throws {
        let (connection, database) = try await Self.connectionWithTable()
        let other = try await PostgresConnection.connect(database)
        try await connection.query("INSERT INTO entry VALUES (1)")
        try await connection.begin(.repeatableReadWrite)
        try await connection.query("SELECT * FROM entry")
        try await other.query("UPDATE entry SET id = 2")
        let error = await #expect(throws: PostgresError.self) { try await connection.query("UPDATE entry SET id = 3") }
        #expect(error?.sqlState == .serializationFailure)
    }

    @Test func aCancelledTransactionIsRolledBackAndLeavesAUsableConnection() async throws {
        let (connection, database) = try await Self.connectionWithTable()
        let observer = try await PostgresConnection.connect(database)
        let task = Task {
            try await connection.transaction { session in
                try session.query("INSERT INTO entry VALUES (1)")
                try session.query("SELECT pg_sleep(60)")
            }
        }
        #expect(try await observer.sees(running: "SELECT pg_sleep(60)"))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT * FROM entry").isEmpty)
    }
}
