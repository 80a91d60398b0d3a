extension NumberParser {
    /// Finds the calling code: behind a plus sign or an international prefix, or at the start of a number that is too long or
    /// of no use with it; else it is the one of the region.
    ///
    /// - Returns: The plan by which the rest is to be read, and the rest.
    func separateCallingCode(
        _ dialled: DialledDigits,
        hasPlus: Bool
    ) throws(PhoneNumberFault) -> (plan: NumberingPlan, national: DialledDigits) {
        if hasPlus {
            if let found = try behindInternationalPrefix(dialled) { return found }
            // A plus sign by mistake, as in `+00 30 210…`: what follows may be what is dialled in the region.
            guard let region, let found = try callingCode(in: dialled, dialledIn: plan(of: region)) else {
                throw .unknownCallingCode
            }
            return found
        }
        guard let region else { throw .unknownCallingCode }
        let home = plan(of: region)
        return try callingCode(in: dialled, dialledIn: home) ?? (home, dialled)
    }

    /// What is left without the national prefix and the code of a carrier, if numbers can be as long as that.
    func nationalNumber(of national: DialledDigits, _ plan: NumberingPlan) -> DialledDigits {
        let rest = withoutNationalPrefix(national, plan)
        switch plan.check(length: rest.count) {
        case .possible, .tooLong: return rest
        // It may be a short number, with nothing to leave out.
        case .possibleLocally, .tooShort, .impossible, .unknownCallingCode: return national
        }
    }

    private func plan(of region: PhoneRegion) -> NumberingPlan { metadata.plans[Int(region.index)] }

    /// A calling code as it is dialled in a region; nil for a number without one.
    private func callingCode(
        in dialled: DialledDigits,
        dialledIn home: NumberingPlan
    ) throws(PhoneNumberFault) -> (plan: NumberingPlan, national: DialledDigits)? {
        if let international = withoutInternationalPrefix(dialled, home) {
            guard let found = try behindInternationalPrefix(international) else { throw .unknownCallingCode }
            return found
        }
        guard let length = length(of: home.callingCode, in: dialled) else { return nil }
        let rest = withoutNationalPrefix(dialled.dropping(first: length), home)
        let isBetter =
            !metadata.automaton.matchesGenerally(dialled, home) && metadata.automaton.matchesGenerally(rest, home)
        guard isBetter || home.check(length: dialled.count) == .tooLong else { return nil }
        return (mainPlan(of: home.callingCode) ?? home, rest)
    }

    /// The calling code that these digits begin with; nil where there is no such code.
    private func behindInternationalPrefix(
        _ digits: DialledDigits
    ) throws(PhoneNumberFault) -> (plan: NumberingPlan, national: DialledDigits)? {
        guard digits.count > 2 else { throw .tooShortAfterInternationalPrefix }
        guard digits[0] != UInt8(ascii: "0") else { return nil }
        var code: UInt16 = 0
        for length in 1...3 {
            code = code * 10 + UInt16(digits[length - 1] - UInt8(ascii: "0"))
            if let plan = mainPlan(of: code) { return (plan, digits.dropping(first: length)) }
        }
        return nil
    }

    private func mainPlan(of callingCode: UInt16) -> NumberingPlan? {
        metadata.regions(of: callingCode).first.map { metadata.plans[$0] }
    }

    /// How long the calling code is, if the digits begin with it.
    private func length(of callingCode: UInt16, in digits: DialledDigits) -> Int? {
        let length = callingCode < 10 ? 1 : callingCode < 100 ? 2 : 3
        guard digits.count >= length else { return nil }
        let start = (0..<length).reduce(UInt16(0)) { $0 * 10 + UInt16(digits[$1] - UInt8(ascii: "0")) }
        return start == callingCode ? length : nil
    }

    private func withoutInternationalPrefix(_ digits: DialledDigits, _ home: NumberingPlan) -> DialledDigits? {
        guard let prefix = metadata.automaton.prefix(of: digits, from: home.internationalPrefix) else { return nil }
        let rest = digits.dropping(first: prefix.length)
        // No calling code begins with a zero.
        return rest.count > 0 && rest[0] == UInt8(ascii: "0") ? nil : rest
    }

    /// The digits without national prefix and carrier code, unless that makes a good number a bad one.
    private func withoutNationalPrefix(_ digits: DialledDigits, _ plan: NumberingPlan) -> DialledDigits {
        let automaton = metadata.automaton
        guard digits.count > 0, let prefix = automaton.prefix(of: digits, from: plan.nationalPrefix) else {
            return digits
        }
        let rest =
            prefix.kept.map { digits.replacing(prefix, keeping: $0, with: plan.prefixReplacement) }
            ?? digits.dropping(first: prefix.length)
        let isWorse = automaton.matchesGenerally(digits, plan) && !automaton.matchesGenerally(rest, plan)
        return isWorse ? digits : rest
    }
}
