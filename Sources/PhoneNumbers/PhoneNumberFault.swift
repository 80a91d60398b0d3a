/// Why a text could not be read as a phone number.
public enum PhoneNumberFault: Error, Sendable, Hashable {
    /// The text is none in form: too few digits, or something that is not part of a number.
    case notANumber
    /// The calling code is none, or there is none and no region was given to tell it.
    case unknownCallingCode
    /// Hardly anything follows the international prefix.
    case tooShortAfterInternationalPrefix
    /// Less than two digits.
    case tooShort
    /// More than 17 digits, or a text of more than 250 characters.
    case tooLong
}
