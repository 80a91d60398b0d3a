internal import PhoneNumbers
internal import RollcallCore

/// Reads phone numbers and judges them by the rules of a step.
struct PhoneReader {
    /// What became of a value.
    enum Reading {
        /// No value, or nothing but white space.
        case blank
        case taken(PhoneNumber, PhoneNumber.Assignment)
        case refused(Refusal)
    }

    let rules: PhoneRules
    /// Where numbers without a calling code are from, if the row does not say it.
    let region: PhoneRegion?

    /// What a row says of where its numbers are from.
    enum RowRegion {
        /// Nothing: the region of the step counts.
        case none
        case known(PhoneRegion)
        /// A code that is none of a region. Numbers are not from the step's then: the row says that they are from elsewhere.
        case unknown

        init(_ code: Span<UInt8>) {
            let trimmed = code.extracting(code.trimmedRange)
            if trimmed.isEmpty {
                self = .none
            } else {
                self = PhoneRegion(trimmed).map { .known($0) } ?? .unknown
            }
        }
    }

    func read(_ text: Span<UInt8>, _ rowRegion: RowRegion) -> Reading {
        guard !text.isBlank else { return .blank }
        let region: PhoneRegion? =
            switch rowRegion {
            case .none: self.region
            case .known(let region): region
            case .unknown: nil
            }
        if text.extracting(text.trimmedRange).isDecimalNumber { return .refused(PhoneRules.decimal) }
        do throws(PhoneNumberFault) {
            let number = try PhoneNumber(text, region: region)
            let assignment = number.assignment
            if let refusal = rules.refusal(of: number, assignment) { return .refused(refusal) }
            return .taken(number, assignment)
        } catch {
            return .refused(PhoneRules.refusal(for: error, rowRegion))
        }
    }
}

extension Span<UInt8> {
    /// Whether it is a number with a point and zeros behind it, or with an exponent: `3012345678.0`, `+3012345678.0`, `3.012E9`.
    ///
    /// The zeros would be digits of the number, which in many countries may be longer.
    fileprivate var isDecimalNumber: Bool { endsInZerosBehindItsOnlyPoint || hasExponent }

    private var endsInZerosBehindItsOnlyPoint: Bool {
        guard let point = indices.first(where: { self[$0] == UInt8(ascii: ".") }), point > 0 else { return false }
        let end = digits(from: point + 1)
        guard self[point - 1].isASCIIDigit, end > point + 1 else { return false }
        guard (point + 1..<end).allSatisfy({ self[$0] == UInt8(ascii: "0") }) else { return false }
        // An extension may follow, and no other part of the number.
        let next = (end..<count).first { self[$0] != UInt8(ascii: " ") }
        return next.map { $0 > end && self[$0] | 0x20 >= UInt8(ascii: "a") } ?? true
    }

    private var hasExponent: Bool {
        var place = digits(from: 0)
        guard place > 0, place < count else { return false }
        if self[place] == UInt8(ascii: ".") {
            let start = place + 1
            place = digits(from: start)
            guard place > start else { return false }
        }
        guard place < count, self[place] | 0x20 == UInt8(ascii: "e") else { return false }
        place += 1
        if place < count, self[place] == UInt8(ascii: "+") { place += 1 }
        let end = digits(from: place)
        return end > place && end == count
    }

    /// Behind the digits from `start` on.
    private func digits(from start: Int) -> Int {
        var place = start
        while place < count, self[place] &- UInt8(ascii: "0") < 10 { place += 1 }
        return place
    }
}

/// What else a number tells, for a column of its own.
enum PhoneDetail {
    case type
    case region
    case extensionDigits

    /// Appends the detail to bytes.
    ///
    /// - Returns: False where there is none.
    func append(_ reading: PhoneReader.Reading, to bytes: inout [UInt8]) -> Bool {
        guard case .taken(let number, let assignment) = reading else { return false }
        switch self {
        case .type:
            bytes.append(contentsOf: assignment.type.name.utf8)
        case .region:
            guard let region = assignment.region else { return false }
            bytes.append(contentsOf: region.code.utf8)
        case .extensionDigits:
            guard !number.extensionDigits.isEmpty else { return false }
            number.extensionDigits.append(to: &bytes)
        }
        return true
    }
}
