internal import CLibCurl

/// The work of the transfer thread: takes orders, lets libcurl work, hands out the answers.
struct TransferLoop {
    private struct Active {
        let easy: EasyHandle
        let transfer: Transfer
    }

    private let multi: MultiHandle
    private let queue: TransferQueue
    private let configuration: HTTPClient.Configuration
    private var active: [EasyHandle.ID: Active] = [:]
    /// Handles ready for the next request; as many as were ever in use at a time.
    private var idle: [EasyHandle] = []

    private init(multi: MultiHandle, queue: TransferQueue, configuration: HTTPClient.Configuration) {
        self.multi = multi
        self.queue = queue
        self.configuration = configuration
    }

    /// Returns after `TransferQueue.stop`, or when libcurl itself fails.
    ///
    /// By then every transfer has its outcome and every connection is closed.
    static func run(_ queue: TransferQueue, _ configuration: HTTPClient.Configuration) {
        guard let multi = queue.multi else { return }
        var loop = Self(multi: multi, queue: queue, configuration: configuration)
        do {
            while try loop.step() {}
            loop.end(because: nil)
        } catch {
            loop.end(because: error)
        }
    }

    /// One round; false when it is time to stop.
    private mutating func step() throws -> Bool {
        let orders = queue.takeOrders()
        if orders.mustStop {
            refuse(orders.starts, because: nil)
            return false
        }
        for transfer in orders.starts {
            start(transfer)
        }
        for ticket in orders.cancellations {
            cancel(ticket)
        }
        try multi.perform()
        while let finished = multi.nextFinished() {
            guard let done = active.removeValue(forKey: finished.easy) else { continue }
            multi.remove(done.easy)
            done.transfer.continuation.resume(with: done.easy.outcome(finished.result))
            release(done.easy)
        }
        try multi.poll()
        return true
    }

    private mutating func start(_ transfer: Transfer) {
        guard !transfer.ticket.isCancelled else {
            transfer.continuation.resume(throwing: CancellationError())
            return
        }
        do {
            let easy = try idle.popLast() ?? EasyHandle()
            try easy.prepare(transfer, configuration)
            try multi.add(easy)
            active[easy.id] = Active(easy: easy, transfer: transfer)
        } catch {
            transfer.continuation.resume(throwing: error)
        }
    }

    private mutating func cancel(_ ticket: TransferTicket) {
        guard let (key, found) = active.first(where: { $0.value.transfer.ticket === ticket }) else { return }
        active[key] = nil
        multi.remove(found.easy)
        found.transfer.continuation.resume(throwing: CancellationError())
        release(found.easy)
    }

    private mutating func release(_ easy: EasyHandle) {
        easy.clear()
        idle.append(easy)
    }

    private mutating func end(because reason: (any Error)?) {
        for entry in active.values {
            let mayHaveBeenSent = entry.easy.hasSentBytes
            multi.remove(entry.easy)
            entry.transfer.fail(because: reason, requestMayHaveBeenSent: mayHaveBeenSent)
        }
        active = [:]
        idle = []
        refuse(queue.close().starts, because: reason)
    }

    private func refuse(_ transfers: [Transfer], because reason: (any Error)?) {
        for transfer in transfers {
            transfer.fail(because: reason, requestMayHaveBeenSent: false)
        }
    }
}

extension Transfer {
    /// Ends the transfer as the client ends; without a reason that was a shutdown.
    fileprivate func fail(because reason: (any Error)?, requestMayHaveBeenSent: Bool) {
        let cause = reason as? HTTPError
        continuation.resume(
            throwing: HTTPError(
                cause?.code ?? .shutDown,
                request: request,
                message: cause?.message ?? "the HTTP client was shut down",
                requestMayHaveBeenSent: requestMayHaveBeenSent
            )
        )
    }
}
