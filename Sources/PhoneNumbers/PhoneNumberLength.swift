/// Whether a number is as long as numbers of its calling code can be.
public enum PhoneNumberLength: Sendable, Hashable {
    case possible
    /// As long as what is dialled within one area, without the area's code.
    case possibleLocally
    case unknownCallingCode
    case tooShort
    case tooLong
    /// Neither too short nor too long, but there are no numbers of this length.
    case impossible
}
