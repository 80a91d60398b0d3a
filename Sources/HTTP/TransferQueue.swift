internal import Synchronization

/// What the callers want of the transfer thread: the only state both sides touch.
final class TransferQueue: Sendable {
    /// Everything that was asked for since the thread last looked.
    struct Orders {
        var starts: [Transfer] = []
        var cancellations: [TransferTicket] = []
        var mustStop = false

        var isEmpty: Bool { starts.isEmpty && cancellations.isEmpty && !mustStop }
    }

    private struct State {
        var orders = Orders()
        /// Nil once the thread has ended.
        var multi: MultiHandle?
        var shutdowns: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(multi: MultiHandle) {
        state = Mutex(State(multi: multi))
    }

    /// The handle the transfers belong to, until `close`.
    var multi: MultiHandle? { state.withLock { $0.multi } }

    func start(_ transfer: Transfer) {
        let isAccepted = place { $0.starts.append(transfer) }
        if !isAccepted {
            transfer.continuation.resume(
                throwing: HTTPError(.shutDown, request: transfer.request, message: "the HTTP client was shut down")
            )
        }
    }

    /// Takes the transfer down, whether it is under way or yet to be handed over.
    func cancel(_ ticket: TransferTicket) {
        ticket.cancel()
        _ = place { $0.cancellations.append(ticket) }
    }

    func stop() {
        _ = place { $0.mustStop = true }
    }

    func stop(whenDone continuation: CheckedContinuation<Void, Never>) {
        let isStopping = state.withLock { state in
            if state.multi != nil {
                state.shutdowns.append(continuation)
            }
            return state.multi != nil
        }
        if isStopping {
            stop()
        } else {
            continuation.resume()
        }
    }

    /// The orders so far, which are then the caller's to carry out.
    func takeOrders() -> Orders {
        state.withLock { state in
            let orders = state.orders
            state.orders = Orders()
            return orders
        }
    }

    /// Refuses all further orders and returns those that came too late.
    func close() -> Orders {
        state.withLock { state in
            state.multi = nil
            let orders = state.orders
            state.orders = Orders()
            return orders
        }
    }

    /// Tells everyone who waits for the shutdown that it is done.
    func announceEnd() {
        let waiting = state.withLock { state in
            let waiting = state.shutdowns
            state.shutdowns = []
            return waiting
        }
        for continuation in waiting {
            continuation.resume()
        }
    }

    /// Adds to the orders and wakes the thread if it has none yet; false once the thread has ended.
    private func place(_ change: (inout Orders) -> Void) -> Bool {
        state.withLock { state in
            guard let multi = state.multi else { return false }
            let wasEmpty = state.orders.isEmpty
            change(&state.orders)
            if wasEmpty {
                // Under the lock, because `close` gives up the handle.
                multi.wakeUp()
            }
            return true
        }
    }
}
