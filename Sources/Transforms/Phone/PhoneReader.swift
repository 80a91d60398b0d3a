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
