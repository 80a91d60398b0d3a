/// Decides which requests are struck by which faults.
///
/// With the same seed and the same order of requests it decides the same.
struct FaultInjector: Sendable {
    /// What strikes one request.
    struct Strike: Equatable {
        var delay: Fault?
        var failure: Fault?
    }

    /// The faults with the counts they have left.
    private(set) var faults: [Fault]
    private var generator: SeededGenerator

    init(_ faults: [Fault], seed: UInt64) {
        self.faults = faults
        generator = SeededGenerator(seed: seed)
    }

    /// Draws for a request on these paths.
    ///
    /// Each fault draws in turn, and the first failure to hit is the one that strikes.
    mutating func draw(for paths: Set<Fault.Paths>) -> Strike {
        var strike = Strike()
        for index in faults.indices where paths.contains(faults[index].paths) {
            let fault = faults[index]
            guard fault.after == 0 else {
                faults[index].after -= 1
                continue
            }
            let isFree = fault.kind == .slow ? strike.delay == nil : strike.failure == nil
            let hits = Double.random(in: 0..<1, using: &generator) < fault.rate
            guard hits, isFree, fault.count != 0 else { continue }
            faults[index].count = fault.count.map { $0 - 1 }
            if fault.kind == .slow {
                strike.delay = fault
            } else {
                strike.failure = fault
            }
        }
        return strike
    }
}
