/// A time zone for a row, and how sure it is.
struct FoundZone: Sendable, Equatable {
    enum Confidence: String, Sendable {
        /// Named by a column.
        case stated
        /// All of the country, or of what the postal code stands for, has this time.
        case certain
        /// The digits of the phone number are of this time; a number can move with its owner.
        case likely
        /// The most populous of several.
        case guess
    }

    let name: String
    let confidence: Confidence
}
