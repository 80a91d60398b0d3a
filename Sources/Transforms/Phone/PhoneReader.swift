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

    func read(_ text: Span<UInt8>, region: PhoneRegion?) -> Reading {
        guard !text.isBlank else { return .blank }
        do throws(PhoneNumberFault) {
            let number = try PhoneNumber(text, region: region ?? self.region)
            let assignment = number.assignment
            if let refusal = rules.refusal(of: number, assignment) { return .refused(refusal) }
            return .taken(number, assignment)
        } catch {
            return .refused(PhoneRules.refusal(for: error))
        }
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
