internal import RollcallCore

extension CSVHeader {
    /// The way out where a column that is wanted is not in the first line; nil where that tells nothing.
    ///
    /// In a file without a header that line is a person's data, and nothing of it may be shown: a name that is nearly the same is told
    /// where it is the same but for case and blanks, or another column that is wanted shows that these are names.
    static func hint(for name: String, among wanted: [String], in header: [String]) -> String? {
        if let delimiter = otherDelimiter(in: header) {
            return "it has one column only; its first line has `\(delimiter)`: is that the `delimiter`?"
        }
        let areNames = wanted.contains { header.contains($0) }
        return suggestion(for: name, among: areNames ? header : header.filter { plain($0) == plain(name) })
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// What the first line may be cut at, where it was not cut at all.
    private static func otherDelimiter(in header: [String]) -> String? {
        guard header.count == 1, let line = header.first else { return nil }
        let counts = [(";", ";"), (",", ","), ("\t", "\\t"), ("|", "|")].map { character, shown in
            (shown: shown, count: line.count { String($0) == character })
        }
        guard let most = counts.max(by: { $0.count < $1.count }), most.count > 0 else { return nil }
        return most.shown
    }
}
