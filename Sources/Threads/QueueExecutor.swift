internal import Dispatch

/// Runs an actor on a dispatch queue of its own, so that calls which block (libpq, files, `flock`, waiting for a process)
/// hold that queue's thread and none of the pool that all other tasks share.
///
/// Dispatch gives the queues of a process at most 255 threads in all; further ones wait for a free one.
package final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // `self` is captured: the job may be the last one of its actor, which then releases this executor.
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
