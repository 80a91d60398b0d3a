/// The numbering plans of all regions, decoded once from the generated text.
final class Metadata: Sendable {
    static let shared = Metadata()

    let plans: [NumberingPlan]
    let automaton: DigitAutomaton
    /// For each calling code where its plans are, the main region first.
    private let rangesByCallingCode: [Range<Int>]
    /// One more than the place of the plan for each pair of letters; 0 where there is no region.
    private let placesByLetters: [UInt8]

    private init() {
        let plans = GeneratedMetadata.regions.split(separator: "\n").map { NumberingPlan($0) }
        var ranges = [Range<Int>](repeating: 0..<0, count: 1000)
        var places = [UInt8](repeating: 0, count: 26 * 26)
        for (index, plan) in plans.enumerated() {
            let range = ranges[Int(plan.callingCode)]
            ranges[Int(plan.callingCode)] = (range.isEmpty ? index : range.lowerBound)..<index + 1
            let letters = Array(plan.code.utf8)
            if let place = Self.place(letters[0], letters[1]) { places[place] = UInt8(index + 1) }
        }
        self.plans = plans
        rangesByCallingCode = ranges
        placesByLetters = places
        automaton = DigitAutomaton(
            states: GeneratedMetadata.states,
            count: GeneratedMetadata.stateCount,
            outcomes: GeneratedMetadata.outcomes
        )
    }

    /// Where the plans of the regions with this calling code are; empty where there is no such code.
    func regions(of callingCode: UInt16) -> Range<Int> { rangesByCallingCode[Int(callingCode)] }

    func region(_ first: UInt8, _ second: UInt8) -> Int? {
        guard let place = Self.place(first, second), placesByLetters[place] > 0 else { return nil }
        return Int(placesByLetters[place]) - 1
    }

    private static func place(_ first: UInt8, _ second: UInt8) -> Int? {
        let letters = (first & 0xDF, second & 0xDF)
        let range = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard range ~= letters.0, range ~= letters.1 else { return nil }
        return Int(letters.0 - range.lowerBound) * 26 + Int(letters.1 - range.lowerBound)
    }
}
