internal import CLibPQ
internal import Dispatch
internal import Synchronization

/// Asks the server to stop what a connection is doing now, from any thread, and never what it does next.
///
/// A cancel request travels on a connection of its own and names no statement. It may arrive before the statement it is meant
/// for, which is why it is repeated until the operation ends, and it may arrive late, which is why the operation's end waits
/// for a request under way: the server has signalled its process when it hangs up on the request.
final class QueryCanceller: Sendable {
    /// One stretch of work that can be cancelled.
    struct Operation: Equatable, Sendable {
        fileprivate var number = 0
    }

    private struct State {
        var operation = Operation()
        var isRunning = false
        var isRequested = false
    }

    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let handle: CancelHandle
    private let queue = DispatchQueue(label: "rollcall.postgres.cancel")
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    private let requestsUnderWay = DispatchGroup()

    init(connection: OpaquePointer) throws {
        guard let handle = unsafe PQgetCancel(connection) else {
            throw PostgresError(.connection, "libpq gave no cancel handle", isConnectionGone: true)
        }
        self.handle = unsafe CancelHandle(adopting: handle)
    }

    /// The operation in hand was asked to stop.
    var isRequested: Bool { state.withLock(\.isRequested) }

    func begin() -> Operation {
        state.withLock { state in
            state.operation.number += 1
            state.isRunning = true
            state.isRequested = false
            return state.operation
        }
    }

    /// Ends the operation in hand and blocks until no cancel request is on its way any more.
    ///
    /// Without an operation it does nothing. With the connection gone nothing can be hit by mistake any more, and a request to a
    /// host out of reach takes minutes to fail, so that it is not waited for.
    func end(connectionIsGone: Bool = false) {
        let wasRequested = state.withLock { state in
            defer {
                state.isRunning = false
                state.isRequested = false
            }
            return state.isRequested
        }
        guard wasRequested else { return }
        ended.signal()
        if !connectionIsGone { requestsUnderWay.wait() }
    }

    /// Starts asking the server to stop, and returns at once.
    ///
    /// Does nothing where `operation` is over or was asked before.
    func cancel(_ operation: Operation) {
        state.withLock { state in
            guard state.operation == operation else { return }
            request(&state)
        }
    }

    /// The same for whatever operation is in hand.
    func cancel() {
        state.withLock { request(&$0) }
    }

    private func request(_ state: inout State) {
        guard state.isRunning, !state.isRequested else { return }
        state.isRequested = true
        // Within the lock, so that `end` cannot miss it.
        queue.async(group: requestsUnderWay) { [self] in
            repeat { handle.send() } while ended.wait(timeout: .now() + Self.interval) == .timedOut
        }
    }
}

@safe
private final class CancelHandle: @unchecked Sendable {
    // SAFETY: libpq never changes a PGcancel, and documents PQcancel as callable from any thread; freed once, in `deinit`.
    private let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// One request.
    ///
    /// Its failure is no news: it is repeated, and a server out of reach fails the operation itself.
    func send() {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = unsafe PQcancel(pointer, message.baseAddress, Int32(message.count))
        }
    }
}
