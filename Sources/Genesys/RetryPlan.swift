/// How often and how long a client tries again.
public struct RetrySettings: Sendable {
    /// Attempts at a request, the first included; one that the rate limit turned away (429) does not count.
    public var maximumAttempts: Int
    /// What a request waits between its attempts in sum, those after a 429 included, before it is given up.
    ///
    /// No request waits longer for the rate limit before its first attempt either.
    /// It bounds a wait that the server dictates: attempts alone would be used up by a few 429 in a row, although the
    /// server does nothing but ask for patience.
    public var maximumWait: Duration
    /// The pause after the first failure, doubled after each further one.
    public var firstDelay: Duration
    /// What the doubling stops at.
    public var maximumDelay: Duration

    public init(
        maximumAttempts: Int = 8,
        maximumWait: Duration = .seconds(600),
        firstDelay: Duration = .seconds(1),
        maximumDelay: Duration = .seconds(60)
    ) {
        self.maximumAttempts = maximumAttempts
        self.maximumWait = maximumWait
        self.firstDelay = firstDelay
        self.maximumDelay = maximumDelay
    }
}

/// Decides about the attempts at one request; a value without clock or network.
struct RetryPlan {
    /// What may mend a failure.
    enum Remedy: Equatable {
        /// Nothing: the same request would fail again, or must not be sent again.
        case none
        /// The rate limit turned the request away.
        case waitForLimit(Duration?)
        /// Trying again later; the server may have said how much later.
        case backOff(Duration?)
    }

    enum Step: Equatable {
        case wait(Duration, asServerAsked: Bool)
        case giveUp
    }

    private let settings: RetrySettings
    private var random: SplitMix64
    private var waited = Duration.zero
    private var throttles = 0
    /// The attempt that comes next, from 1.
    private(set) var attempt = 1

    init(_ settings: RetrySettings, seed: UInt64) {
        self.settings = settings
        random = SplitMix64(seed: seed)
    }

    /// Takes a failure and says how to go on; not to be called again after `giveUp`.
    mutating func failed(_ remedy: Remedy) -> Step {
        switch remedy {
        case .none:
            return .giveUp
        case .waitForLimit(let told):
            throttles += 1
            return step(told, or: backOff(after: throttles))
        case .backOff(let told):
            guard attempt < settings.maximumAttempts else { return .giveUp }
            let pause = backOff(after: attempt)
            attempt += 1
            return step(told, or: pause)
        }
    }

    /// Waits for as long as the server told, or else for our own pause.
    private mutating func step(_ told: Duration?, or pause: Duration) -> Step {
        let wait = told.map { $0 + roundingMargin } ?? pause
        guard waited + wait <= settings.maximumWait else { return .giveUp }
        waited += wait
        return .wait(wait, asServerAsked: told != nil)
    }

    /// Doubles with each failure; the upper half is left to chance, so that clients do not come back all at once.
    private mutating func backOff(after failures: Int) -> Duration {
        let longest = min(settings.firstDelay * (1 << min(failures - 1, 20)), settings.maximumDelay)
        return longest / 2 + longest / 2 * Double.random(in: 0...1, using: &random)
    }
}

/// A small generator with a seed, for waits that tests can foresee (Steele, Lea, Flood: SplitMix).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
