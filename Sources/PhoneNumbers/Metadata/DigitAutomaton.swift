/// All patterns of all regions as one table: for a state and a digit the next state.
struct DigitAutomaton: Sendable {
    typealias State = UInt16

    /// The state from which nothing matches, and the start of a pattern that does not exist.
    static let dead: State = 0

    private let next: [State]
    private let labels: [UInt8]
    /// What a label of a prefix's state means, for a number that ends there, and for one that goes on.
    private let outcomes: [(atEnd: PrefixOutcome, elsewhere: PrefixOutcome)]

    /// Decodes the generated table.
    ///
    /// - Parameters:
    ///   - states: A character for the label, then runs of digits with the same next state: a length and three characters.
    ///   - count: How many states there are.
    ///   - outcomes: A line for each label of prefixes.
    init(states: String, count: Int, outcomes: String) {
        var next: [State] = []
        next.reserveCapacity(count * 10)
        var labels: [UInt8] = []
        labels.reserveCapacity(count)
        var characters = states.utf8.makeIterator()
        while let label = characters.next() {
            labels.append(sixBits(label))
            var digits = 0
            while digits < 10, let run = characters.next(),
                let high = characters.next(), let middle = characters.next(), let low = characters.next()
            {
                let state = State(sixBits(high)) << 12 | State(sixBits(middle)) << 6 | State(sixBits(low))
                next.append(contentsOf: repeatElement(state, count: Int(sixBits(run))))
                digits += Int(sixBits(run))
            }
        }
        precondition(labels.count == count && next.count == count * 10, "the generated states are whole")
        self.next = next
        self.labels = labels
        self.outcomes = outcomes.split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            return (PrefixOutcome(fields[0], fields[1]), PrefixOutcome(fields[2], fields[3]))
        }
    }

    /// The label that all the digits together lead to.
    func label(of digits: Span<UInt8>, from start: State) -> UInt8 {
        let next = next.span
        var state = start
        for index in digits.indices {
            state = next[Int(state) * 10 + Int(digits[index] - UInt8(ascii: "0"))]
            if state == Self.dead { return 0 }
        }
        return labels[Int(state)]
    }

    /// The best prefix of the digits, in the order of the pattern's alternatives; it may be empty.
    func prefix(of digits: Span<UInt8>, from start: State) -> DialledPrefix? {
        var best: DialledPrefix?
        var state = start
        var length = 0
        while state != Self.dead {
            let label = labels[Int(state)]
            if label > 0 {
                let outcome = outcomes[Int(label) - 1]
                let matched = length == digits.count ? outcome.atEnd : outcome.elsewhere
                best = matched.prefix(ofLength: length) ?? best
            }
            guard length < digits.count else { break }
            state = next[Int(state) * 10 + Int(digits[length] - UInt8(ascii: "0"))]
            length += 1
        }
        return best
    }
}

extension DigitAutomaton {
    /// The label of a number's state: a type, and a bit that says whether the general pattern of the region matches.
    private static let generalBit: UInt8 = 16

    func type(of number: PhoneDigits, in plan: NumberingPlan) -> PhoneNumberType {
        let label = label(of: number.storage.span.extracting(first: number.count), from: plan.numbers)
        return PhoneNumberType(rawValue: label & ~Self.generalBit) ?? .unknown
    }

    func startsWithLeadingDigits(of plan: NumberingPlan, _ number: PhoneDigits) -> Bool {
        prefix(of: number.storage.span.extracting(first: number.count), from: plan.leadingDigits) != nil
    }

    /// Whether the digits match the general pattern of the region, whatever its lengths.
    func matchesGenerally(_ digits: DialledDigits, _ plan: NumberingPlan) -> Bool {
        label(of: digits.storage.span.extracting(digits.range), from: plan.numbers) & Self.generalBit != 0
    }

    func prefix(of digits: DialledDigits, from start: State) -> DialledPrefix? {
        prefix(of: digits.storage.span.extracting(digits.range), from: start)
    }
}

/// What one character of the generated text stands for.
private func sixBits(_ character: UInt8) -> UInt8 {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 36
    case UInt8(ascii: "-"): 62
    default: 63
    }
}
