internal import Synchronization

/// A request that waits for its answer; whoever holds it must resume the continuation exactly once.
struct Transfer: Sendable {
    let request: HTTPRequest
    /// Nil if the answer is to be kept whole.
    let download: Download?
    let ticket: TransferTicket
    let continuation: CheckedContinuation<HTTPResponse, any Error>
}

/// Identifies a transfer before it exists: cancellation may come before the request is handed over.
final class TransferTicket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
