extension PhoneNumber {
    /// What the numbering plans say of a number.
    public struct Assignment: Sendable, Hashable {
        /// Where the number is from; nil where several regions share the calling code and none of them has such numbers.
        public let region: PhoneRegion?
        /// What kind of number it is in that region; `unknown` exactly where it is not valid.
        public let type: PhoneNumberType

        /// Whether the region has such numbers, by their digits and their length; not whether somebody has this one.
        public var isValid: Bool { type != .unknown }
    }

    /// Looks the number up in the numbering plans; to know several things of a number, ask once.
    public var assignment: Assignment {
        let metadata = Metadata.shared
        let regions = metadata.regions(of: callingCode)
        for index in regions {
            let plan = metadata.plans[index]
            let type = metadata.automaton.type(of: nationalNumber, in: plan)
            let isHere =
                if regions.count == 1 {
                    true
                } else if plan.leadingDigits != DigitAutomaton.dead {
                    metadata.automaton.startsWithLeadingDigits(of: plan, nationalNumber)
                } else {
                    type != .unknown
                }
            if isHere { return Assignment(region: PhoneRegion(index: index), type: type) }
        }
        return Assignment(region: nil, type: .unknown)
    }

    public var region: PhoneRegion? { assignment.region }

    public var type: PhoneNumberType { assignment.type }

    /// Whether a region has such numbers, by their digits and their length.
    public var isValid: Bool { assignment.isValid }

    /// Whether a number of this calling code can be as long, whatever its digits.
    ///
    /// Where regions share a calling code, the plan of its main region counts.
    public var lengthCheck: PhoneNumberLength {
        let metadata = Metadata.shared
        guard let main = metadata.regions(of: callingCode).first else { return .unknownCallingCode }
        return metadata.plans[main].check(length: nationalNumber.count)
    }

    /// Whether the length is possible, at least for a call within one area.
    public var isPossible: Bool {
        switch lengthCheck {
        case .possible, .possibleLocally: true
        case .unknownCallingCode, .tooShort, .tooLong, .impossible: false
        }
    }
}
