internal import PhoneNumbers
internal import RollcallCore

/// Which phone numbers are taken, and why others are not.
struct PhoneRules {
    /// How sure it must be that there is such a number.
    enum Acceptance: String, ChoiceSetting {
        case valid
        case possible
    }

    private let accept: Acceptance
    /// Empty where all are taken.
    private let types: [PhoneNumberType]

    init(accept: Acceptance, types: [PhoneNumberType]) {
        self.accept = accept
        self.types = types
    }

    /// Nil for a number that is taken.
    func refusal(of number: PhoneNumber, _ assignment: PhoneNumber.Assignment) -> Refusal? {
        if !assignment.isValid, let refusal = refusalOfInvalid(number) { return refusal }
        guard types.isEmpty || types.contains(assignment.type) else { return Self.typeNotAllowed(assignment.type) }
        return nil
    }

    private func refusalOfInvalid(_ number: PhoneNumber) -> Refusal? {
        switch number.lengthCheck {
        case .possible: accept == .possible ? nil : Self.invalid
        case .possibleLocally: Self.withoutAreaCode
        case .tooShort: Self.tooShort
        case .tooLong: Self.tooLong
        case .impossible: Self.invalid
        case .unknownCallingCode: Self.unknownCountry
        }
    }

    /// Why a text is no number at all.
    static func refusal(for fault: PhoneNumberFault, _ region: PhoneReader.RowRegion) -> Refusal {
        switch fault {
        case .notANumber: notANumber
        case .unknownCallingCode:
            if case .unknown = region { unknownRegion } else { unknownCountry }
        case .tooShort, .tooShortAfterInternationalPrefix: tooShort
        case .tooLong: tooLong
        }
    }
}

extension PhoneRules {
    static let codes =
        [notANumber, decimal, unknownCountry, unknownRegion, tooShort, tooLong, withoutAreaCode, invalid].map(\.code)
        + [typeNotAllowedCode]

    private static let notANumber = Refusal(
        code: "phone_not_a_number",
        reason: "is no phone number: it has too few digits, or something that is not part of a number"
    )
    static let decimal = Refusal(
        code: "phone_decimal",
        reason: "is a number with a decimal point or an exponent, as tables and programs make it of a phone number"
    )
    private static let unknownCountry = Refusal(
        code: "phone_unknown_country",
        reason: "has no calling code of a country, and no region says which one it is"
    )
    private static let unknownRegion = Refusal(
        code: "phone_unknown_region",
        reason: "has no calling code of a country, and what the row has in `region_column` is no code of a region"
    )
    private static let tooShort = Refusal(
        code: "phone_too_short",
        reason: "is shorter than the numbers of its country"
    )
    private static let tooLong = Refusal(
        code: "phone_too_long",
        reason: "is longer than the numbers of its country"
    )
    private static let withoutAreaCode = Refusal(
        code: "phone_without_area_code",
        reason: "is as long as a number without its area code"
    )
    private static let invalid = Refusal(
        code: "phone_invalid",
        reason: "is no number that the numbering plan of its country has"
    )
    private static let typeNotAllowedCode = "phone_type_not_allowed"

    private static func typeNotAllowed(_ type: PhoneNumberType) -> Refusal {
        Refusal(code: typeNotAllowedCode, reason: "is a number of the type `\(type.name)`, which is not among `types`")
    }
}
