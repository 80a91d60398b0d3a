import Foundation
import PostgresClient
import Testing

@testable import PostgresCheckpoints

struct PrivatePostgresTests {
    @Test func aNewServerIsPrivateSmallAndInUTF8() async throws {
        try await withServerFolder { folder in
            let postgres = try await folder.acquire()
            #expect(try await postgres.answer(to: "SELECT current_database()") == "rollcall")
            #expect(try await postgres.answer(to: "SHOW listen_addresses")?.isEmpty == true)
            #expect(try await postgres.answer(to: "SHOW shared_buffers") == "32MB")
            #expect(try await postgres.answer(to: "SHOW server_encoding") == "UTF8")
            #expect(
                try await postgres.answer(to: "SELECT datcollate FROM pg_database WHERE datname = current_database()")
                    == "C"
            )
            for part in ["", "/data"] {
                let mode =
                    try FileManager.default.attributesOfItem(atPath: folder.path + part)[.posixPermissions] as? Int
                #expect(mode == 0o700)
            }
            try await postgres.release()
        }
    }

    @Test func theServerRunsAsAnUnprivilegedUserInASessionOfItsOwn() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let postgres = try await folder.acquire()
            let process = try #require(try folder.serverProcess())
            let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(process)")[.ownerAccountID] as? UInt32
            let account = try ServerAccount.forThisProcess()
            #expect(owner == account?.userID ?? geteuid())
            #expect(owner != 0)
            // So that Control-C in our terminal, which signals our own process group, does not reach it.
            #expect(getsid(process) == process)
            #expect(getpgid(process) != getpgrp())
            try await postgres.release()
        }
    }

    @Test func theServerIsSharedAndTheLastOneToLeaveStopsIt() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let first = try await folder.acquire()
            let process = try folder.serverProcess()
            let second = try await folder.acquire()
            #expect(try folder.serverProcess() == process)

            try await first.release()
            try await first.release()
            #expect(try await second.answer(to: "SELECT 1") == "1")
            try await second.release()
            #expect(try folder.serverProcess() == nil)
            #expect(try !folder.server().isPostmasterAlive())
        }
    }

    @Test func whatWasStoredIsThereTheNextTime() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let first = try await folder.acquire()
            _ = try await first.answer(to: "CREATE TABLE kept AS SELECT 'still here' AS text")
            try await first.release()
            let second = try await folder.acquire()
            #expect(try await second.answer(to: "SELECT text FROM kept") == "still here")
            try await second.release()
        }
    }

    @Test func manyWhoComeAndGoAtOnceAgreeOnOneServer() async throws {
        try await withServerFolder { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let postgres = try await folder.acquire()
                        #expect(try await postgres.answer(to: "SELECT \(number)") == String(number))
                        try await postgres.release()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try !folder.server().isPostmasterAlive())
        }
    }

    /// Another process is played by `flock`, which holds the lock as a running rollcall would.
    @Test func aServerInUseByAnotherProcessIsLeftRunningAndItsSuccessorStopsIt() async throws {
        try await withServerFolder(isUsed: true) { folder in
            let first = try await folder.acquire()
            let process = try folder.serverProcess()
            let other = Process()
            let output = Pipe()
            let input = Pipe()
            other.executableURL = URL(filePath: "/usr/bin/flock")
            other.arguments = [
                "--shared", "--no-fork", "\(folder.path)/usage.lock", "sh", "-c", "echo held; read line",
            ]
            other.standardOutput = output
            other.standardInput = input
            try other.run()
            #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))

            try await first.release()
            #expect(try folder.serverProcess() == process)
            #expect(try folder.server().isPostmasterAlive())

            kill(other.processIdentifier, SIGKILL)
            other.waitUntilExit()
            let second = try await folder.acquire()
            #expect(try folder.serverProcess() == process)
            try await second.release()
            #expect(try !folder.server().isPostmasterAlive())
        }
    }

    @Test func aPathTooLongForASocketStillWorks() async throws {
        try await withServerFolder(named: "/" + String(repeating: "long", count: 30), isUsed: true) { folder in
            let postgres = try await folder.acquire()
            #expect(try await postgres.answer(to: "SELECT 1") == "1")
            #expect(try folder.server().folder.socket.utf8.count <= 107)
            try await postgres.release()
        }
    }

    @Test func aCancelledStartIsNoStart() async throws {
        try await withServerFolder { folder in
            let task = Task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                _ = try await folder.acquire()
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let server = try folder.server()
            #expect(!server.isPostmasterAlive())
        }
    }
}
