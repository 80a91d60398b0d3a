import Foundation
import Testing

@testable import PostgresCheckpoints

/// What a crash, a `kill -9` or a full disk may leave behind.
struct PrivatePostgresHealingTests {
    @Test func aStalePidFileWithTheNumberOfALivingProcessIsNoObstacle() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let first = try await folder.acquire()
            let pidFile = "\(folder.path)/data/postmaster.pid"
            let socketLock = try folder.server().folder.socket + ".lock"
            let old = try String(contentsOfFile: pidFile, encoding: .utf8)
            try await first.release()

            // As after a power cut, when the number has since gone to another process: this one.
            let stale = old.replacing(/^\d+/, with: String(getpid()))
            try stale.write(toFile: pidFile, atomically: false, encoding: .utf8)
            try stale.write(toFile: socketLock, atomically: false, encoding: .utf8)
            let second = try await folder.acquire()
            #expect(try await second.answer(to: "SELECT 1") == "1")
            try await second.release()
        }
    }

    @Test func aServerThatWasKilledIsStartedAgain() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let first = try await folder.acquire()
            _ = try await first.answer(to: "CREATE TABLE kept AS SELECT 'still here' AS text")
            let process = try #require(try folder.serverProcess())
            kill(process, SIGKILL)

            let second = try await folder.acquire()
            #expect(try folder.serverProcess() != process)
            #expect(try await second.answer(to: "SELECT text FROM kept") == "still here")
            try await first.release()
            try await second.release()
            #expect(try !folder.server().isPostmasterAlive())
        }
    }

    @Test func aHalfMadeDataFolderIsMadeAnew() async throws {
        try await withServerFolder { folder in
            let unfinished = try folder.server().folder.newData
            try FileManager.default.createDirectory(atPath: unfinished + "/base", withIntermediateDirectories: true)
            try "15\n".write(toFile: unfinished + "/PG_VERSION", atomically: false, encoding: .utf8)
            let postgres = try await folder.acquire()
            #expect(try await postgres.answer(to: "SELECT 1") == "1")
            try await postgres.release()
        }
    }

    @Test func aServerThatCannotStartShowsTheEndOfItsLog() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let configuration = "\(folder.path)/data/postgresql.conf"
            try "nonsense = 1\n".write(toFile: configuration, atomically: false, encoding: .utf8)
            let error = await #expect(throws: CheckpointError.self) { _ = try await folder.acquire() }
            #expect(error?.description.contains("did not start") == true)
            #expect(error?.description.contains(#"unrecognized configuration parameter "nonsense""#) == true)
            #expect(error?.hint?.contains("server.log") == true)
        }
    }

    @Test func aForeignDataFolderIsRefused() async throws {
        try await withServerFolder { folder in
            let data = try folder.server().folder.data
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let error = await #expect(throws: CheckpointError.self) { _ = try await folder.acquire() }
            #expect(error?.description.contains("\(data) is not the data folder of a Postgres server") == true)
            try FileManager.default.removeItem(atPath: data)
        }
    }

    @Test func dataOfAnotherMajorVersionIsRefusedWithTheVersionsThereAre() async throws {
        try await withServerFolder { folder in
            let data = try folder.server().folder.data
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            try "9.6\n".write(toFile: data + "/PG_VERSION", atomically: false, encoding: .utf8)
            let error = await #expect(throws: CheckpointError.self) { _ = try await folder.acquire() }
            let installed = try ServerBinaries.find()
            #expect(error?.description.contains("no PostgreSQL server of version 9 was found") == true)
            #expect(error?.description.contains("version \(installed.majorVersion) in \(installed.folder)") == true)
            #expect(error?.hint?.contains("postgresql-9") == true)
            try FileManager.default.removeItem(atPath: data)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aFolderOfAnotherUserIsRefused() async throws {
        let path = "/tmp/rollcall-test-\(getpid())-foreign"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        unsafe chown(path, 12_345, 12_345)
        let error = await #expect(throws: CheckpointError.self) { _ = try await PrivatePostgres.acquire(folder: path) }
        #expect(error?.description.hasPrefix("\(path) is not a folder of the user with id") == true)
        try FileManager.default.removeItem(atPath: path)
    }
}
