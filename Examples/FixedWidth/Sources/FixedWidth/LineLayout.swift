internal import RollcallCore

/// Where the values stand in a line.
struct LineLayout: Sendable {
    /// A column by the places of its characters, the first of a line being 0.
    struct Column: Sendable {
        let name: String
        let places: Range<Int>

        /// Reads `9-38`, counted from 1, the last place included; nil for another text.
        init?(_ name: String, places text: String) {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, last >= first, last <= 1 << 20
            else { return nil }
            self.name = name
            places = first - 1..<last
        }
    }

    let columns: [Column]
    let schema: Schema
    /// How many characters a line has at least.
    let width: Int

    /// - Throws: a configuration error where two columns have one name.
    init(_ columns: [Column]) throws {
        self.columns = columns
        schema = try Schema(columns.map { Schema.Column($0.name) })
        width = columns.map(\.places.upperBound).max() ?? 0
    }

    /// The values of a line, a missing one as nil; nil for a line that is too short.
    func values(of line: String) -> [String?]? {
        // By code points, as the programs count that write such files; not by what a reader takes for one letter.
        let characters = Array(line.unicodeScalars)
        guard characters.count >= width else { return nil }
        return columns.map { column in
            var value = characters[column.places]
            while value.first == " " { value.removeFirst() }
            while value.last == " " { value.removeLast() }
            guard !value.isEmpty else { return nil }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: value)
            return String(text)
        }
    }
}
