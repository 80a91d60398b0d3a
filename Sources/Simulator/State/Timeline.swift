import Foundation

/// A simulator's time: how long it has run by its clock, and the date that makes.
struct Timeline: Sendable {
    let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void
    private let start = Date()

    init(_ clock: some Clock<Duration>) {
        let origin = clock.now
        elapsed = { origin.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }

    var date: Date { date(at: elapsed()) }

    func date(at instant: Duration) -> Date { start.addingTimeInterval(instant / .seconds(1)) }
}
