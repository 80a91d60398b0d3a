/// What was dialled before a number, as its pattern matched it.
struct DialledPrefix {
    let length: Int
    /// The digits of it that are kept; nil where all are dropped.
    let kept: Range<Int>?
}

/// What a pattern that matched makes of the prefix.
enum PrefixOutcome {
    case noMatch
    case dropped
    case kept(from: Int, distanceFromEnd: Int)

    /// Two fields of the generated text.
    init(_ start: Substring, _ distance: Substring) {
        switch (Int(start), Int(distance)) {
        case (let start?, let distance?): self = .kept(from: start, distanceFromEnd: distance)
        default: self = start == "x" ? .noMatch : .dropped
        }
    }

    func prefix(ofLength length: Int) -> DialledPrefix? {
        switch self {
        case .noMatch: nil
        case .dropped: DialledPrefix(length: length, kept: nil)
        case .kept(let start, let distance): DialledPrefix(length: length, kept: start..<length - distance)
        }
    }
}
