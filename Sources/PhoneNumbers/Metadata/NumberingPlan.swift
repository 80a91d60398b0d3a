/// What is known of the numbers of one region; the fields from `numbers` on are start states of the automaton, or dead.
struct NumberingPlan: Sendable {
    let code: String
    let callingCode: UInt16
    /// A bit for each length that numbers have.
    private let lengths: UInt32
    /// A bit for each length that numbers have when they are dialled within one area.
    private let localLengths: UInt32
    let numbers: DigitAutomaton.State
    /// What tells the region's numbers from those of others with the same calling code.
    let leadingDigits: DigitAutomaton.State
    let nationalPrefix: DigitAutomaton.State
    let internationalPrefix: DigitAutomaton.State
    /// What stands before the part of a national prefix that is kept.
    let prefixReplacement: DialledDigits

    /// - Parameter line: One line of the generated text.
    init(_ line: Substring) {
        let fields = line.split(separator: " ")
        func number<Number: FixedWidthInteger>(_ index: Int, radix: Int = 10) -> Number {
            guard let number = Number(fields[index], radix: radix) else { preconditionFailure("malformed: \(line)") }
            return number
        }
        code = String(fields[0])
        callingCode = number(1)
        lengths = number(2, radix: 16)
        localLengths = number(3, radix: 16)
        numbers = number(4)
        leadingDigits = number(5)
        nationalPrefix = number(6)
        internationalPrefix = number(7)
        var replacement = DialledDigits()
        for digit in fields[8].utf8 where fields[8] != "-" { replacement.append(digit) }
        prefixReplacement = replacement
    }

    func check(length: Int) -> PhoneNumberLength {
        let shortest = lengths.trailingZeroBitCount
        let longest = 31 - lengths.leadingZeroBitCount
        let bit: UInt32 = length < 32 ? 1 << UInt32(length) : 0
        if localLengths & bit != 0 { return .possibleLocally }
        if lengths & bit != 0 { return .possible }
        if length < shortest { return .tooShort }
        return length > longest ? .tooLong : .impossible
    }
}
