internal import RollcallCore

/// What becomes of a value that a step can make nothing of.
enum OnInvalid: String, ChoiceSetting {
    /// Its row becomes invalid.
    case reject
    case null
    /// It stays as it was.
    case keep

    static let field = Field<OnInvalid>(
        "on_invalid",
        default: .reject,
        doc: """
            What becomes of a value that is not valid: its row becomes invalid, with the reason (`reject`), the value becomes \
            NULL (`null`; every run says how many), or it stays as it is (`keep`).
            """
    )
}
