internal import Foundation
internal import RollcallCore
internal import RollcallEngine
internal import Synchronization

/// Shows how a run is getting on: a line that is drawn anew on a terminal, a line a minute otherwise.
final class ProgressDisplay: Sendable {
    private struct State {
        var start: RunStart?
        var balance = Balance()
        var began: ContinuousClock.Instant
        var lastShown: ContinuousClock.Instant
        var hasLine = false
    }

    private let pipeline: String
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let write: @Sendable (String) -> Void
    private let clock = ContinuousClock()
    private let state: Mutex<State>

    init(
        pipeline: String,
        isTerminal: Bool = Console.isTerminal,
        isQuiet: Bool,
        write: @escaping @Sendable (String) -> Void = { Console.write($0) }
    ) {
        self.pipeline = pipeline
        self.isTerminal = isTerminal
        self.isQuiet = isQuiet
        self.write = write
        state = Mutex(State(began: clock.now, lastShown: clock.now))
    }

    func observe(_ event: RunEvent) {
        switch event {
        case .started(let start):
            state.withLock { $0.start = start }
            if start.position != nil { say("going on from the checkpoint") }
        case .progressed(let balance):
            show(balance)
        case .notice(let notice):
            say(notice.message, isWarning: notice.isWarning)
        case .stopping(let deliveries):
            say("stopping: \(deliveries) deliveries under way are being settled; once more stops at once")
        }
    }

    /// Takes the drawn line away.
    func finish() {
        let hasLine = state.withLock { state in
            defer { state.hasLine = false }
            return state.hasLine
        }
        if hasLine { write("\r\u{1B}[K") }
    }

    private func say(_ message: String, isWarning: Bool = false) {
        guard !isQuiet || isWarning else { return }
        finish()
        write("\(pipeline): \(isWarning ? Console.yellow("warning: ") : "")\(message)\n")
    }

    private func show(_ balance: Balance) {
        let now = clock.now
        let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(60)
        let line: String? = state.withLock { state in
            state.balance = balance
            guard !isQuiet, now - state.lastShown >= interval else { return nil }
            state.lastShown = now
            state.hasLine = isTerminal
            return ProgressLine(
                pipeline: pipeline,
                read: balance.read,
                expected: state.start?.estimatedRowCount,
                elapsed: now - state.began
            ).text
        }
        guard let line else { return }
        write(isTerminal ? "\r\u{1B}[K" + String(line.prefix(Console.width - 1)) : line + "\n")
    }
}

/// The words of a progress line.
struct ProgressLine {
    let pipeline: String
    let read: Int
    /// About how many rows there are; nil where nobody knows.
    let expected: Int?
    let elapsed: Duration

    var text: String {
        let rate = elapsed.seconds > 0 ? Double(read) / elapsed.seconds : 0
        let speed = "\(Int(rate).grouped) rows/s"
        // The source's guess may be too small; then nothing is known of what is left.
        guard let expected, expected > read, rate > 0 else {
            return "\(pipeline)  \(read.grouped) rows  \(speed)"
        }
        let share = Double(read) / Double(expected)
        let filled = Int(share * 20)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        let left = Duration.seconds(Double(expected - read) / rate)
        return
            "\(pipeline)  \(bar)  \(Int(share * 100))%  \(read.grouped) of about \(expected.grouped) rows  \(speed)  \(left.phrase) left"
    }
}
