internal import Dispatch
internal import Foundation
internal import RollcallEngine
internal import Synchronization

/// Turns SIGINT and SIGTERM into a stop in good order; a second one ends the process at once.
final class SignalHandling: Sendable {
    let stop = StopSignal()
    private let received = Mutex<Int32?>(nil)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    init() {
        let queue = DispatchQueue(label: "rollcall.signals")
        for number in [SIGINT, SIGTERM] {
            // The default action would end the process before the source hears of it.
            Foundation.signal(number, SIG_IGN)
            sources.withLock { sources in
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { [weak self] in self?.receive(number) }
                source.activate()
                sources.append(source)
            }
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
