internal import Dispatch
internal import Foundation
internal import RollcallEngine
internal import Synchronization

/// Turns SIGINT and SIGTERM into a stop in good order; a second one ends the process at once.
final class SignalHandling: Sendable {
    let stop = StopSignal()
    private let received = Mutex<Int32?>(nil)
    private let sources: [any DispatchSourceSignal & Sendable]

    init() {
        let signals = [SIGINT, SIGTERM]
        let queue = DispatchQueue(label: "rollcall.signals")
        sources = signals.map { number in
            // The default action would end the process before the source hears of it.
            unsafe signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for (number, source) in zip(signals, sources) {
            source.setEventHandler { [weak self] in self?.receive(number) }
            source.activate()
        }
    }

    /// The signal that asked for the stop.
    var signal: Int32? { received.withLock { $0 } }

    private func receive(_ number: Int32) {
        let isSecond = received.withLock { received in
            defer { received = received ?? number }
            return received != nil
        }
        if isSecond {
            Console.line("\nstopped at once; the next run goes on from the last checkpoint")
            _exit(128 + number)
        }
        stop.request()
    }
}
