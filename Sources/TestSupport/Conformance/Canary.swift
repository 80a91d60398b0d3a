/// What must not be told of values.
enum Canary {
    /// A text that stands in values and nowhere else.
    static let text = "kanarienvogel"

    /// The first of these texts that holds one of the values; values that are too short to be known again are passed by.
    static func found(_ values: some Sequence<String?>, in texts: [String], besides names: [String] = []) -> String? {
        let telling = values.compactMap(\.self).filter { value in
            value.unicodeScalars.count >= 6
                && !names.contains { $0.contains(value) || value.contains($0) && $0.count >= 5 }
        }
        return texts.first { text in text.contains(Self.text) || telling.contains { text.contains($0) } }
    }
}
