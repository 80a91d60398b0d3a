import Foundation
import Testing

@testable import PostgresCheckpoints

struct FolderLockTests {
    @Test func aLockThatWasGivenUpIsFreeEvenIfAForkedChildStillHasTheFileOpen() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "rollcall-lock-\(UUID().uuidString)").path
        defer { unsafe unlink(path) }
        var lock: FolderLock? = try FolderLock(path: path)
        #expect(lock?.tryExclusive() == true)
        // As a fork would: one more descriptor of the same open file.
        let inherited = dup(try #require(try descriptor(of: path)))
        defer { close(inherited) }
        lock = nil
        #expect(try FolderLock(path: path).tryExclusive())
    }

    /// The descriptor under which this process has the file open.
    private func descriptor(of path: String) throws -> Int32? {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.first { number in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
        }
    }
}
