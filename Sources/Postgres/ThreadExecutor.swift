internal import Dispatch
internal import Foundation
internal import Synchronization

/// Runs an actor on a thread of its own, so that calls which block (libpq, `flock`, waiting for a program) hold up nothing else.
///
/// A dispatch queue will not do on Linux: its thread comes from the pool that runs all other tasks, which has one per core, so that
/// two statements that wait for a lock would stop a process on two cores for good.
package final class ThreadExecutor: SerialExecutor {
    private let mailbox = Mailbox()

    /// The thread lives as long as the executor.
    package init(name: String) {
        Thread.detachNewThread { [mailbox] in
            Thread.current.name = name
            while let work = mailbox.take() {
                unsafe work.job.runSynchronously(on: work.executor.asUnownedSerialExecutor())
            }
        }
    }

    deinit {
        mailbox.put(nil)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        mailbox.put(Work(job: UnownedJob(job), executor: self))
    }
}

private struct Work: Sendable {
    let job: UnownedJob
    /// Kept until the job is done, which may be the last one of its actor.
    let executor: ThreadExecutor
}

/// Jobs in the order in which they came; `nil` is the end.
private final class Mailbox: Sendable {
    private let contents = Mutex<[Work?]>([])
    private let count = DispatchSemaphore(value: 0)

    func put(_ work: Work?) {
        contents.withLock { $0.append(work) }
        count.signal()
    }

    /// Blocks until there is something.
    func take() -> Work? {
        count.wait()
        return contents.withLock { $0.removeFirst() }
    }
}
