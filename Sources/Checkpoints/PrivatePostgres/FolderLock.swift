internal import Foundation

/// A lock between processes: a file under `flock`, which the kernel releases when its holder dies, however it dies.
final class FolderLock: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        // Close-on-exec: a server started by us must not go on holding our locks.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CheckpointError("the lock file \(path) cannot be opened: \(systemErrorMessage(errno))")
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Closing alone would leave the lock to a child of this process that was forked and has not yet become its program.
        unlock()
        close(descriptor)
    }

    func tryExclusive() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    func tryShared() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }

    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    /// Blocks until the lock is had, or throws after `limit`, or when `shouldStop` throws.
    func exclusive(within limit: Duration, unless shouldStop: () throws -> Void = {}) throws {
        let deadline = ContinuousClock.now + limit
        while !tryExclusive() {
            try shouldStop()
            guard ContinuousClock.now < deadline else {
                throw CheckpointError(
                    "another process has been holding \(path) for \(limit.components.seconds) s",
                    hint: "see which one with `fuser \(path)`; it starts or stops the private Postgres server"
                )
            }
            pauseBriefly()
        }
    }
}

/// Between two looks at something that another process must do first.
func pauseBriefly() {
    Thread.sleep(forTimeInterval: 0.02)
}
