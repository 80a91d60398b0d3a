internal import RollcallCore
internal import RollcallFiles

/// A place between two rows of the files of a CSV source.
struct CSVPosition: Codable, Equatable {
    var files: FilesPosition
    /// The number of the next line of the current file.
    var line: Int
    /// Lines of a wrong row before this place that are still to be told of.
    var unreadable: UnreadableLines?
}

/// Lines of one wrong row: each counts as a row that cannot be read.
struct UnreadableLines: Codable, Equatable {
    let file: String
    var next: Int
    let last: Int
    let code: String
    let reason: String

    init(_ row: RawRow, _ flaw: RowFlaw, of file: String, _ dialect: Dialect) {
        self.file = file
        next = row.line
        last = row.line + row.lineCount - 1
        code = flaw.code
        let words = flaw.reason(dialect)
        reason =
            row.lineCount == 1 ? words : "\(words); the row may be several, as it takes the lines \(next) to \(last)"
    }

    /// The next lines, at most so many.
    mutating func take(atMost count: Int) -> [UnreadableRow] {
        let end = min(last + 1, next + count)
        defer { next = end }
        return (next..<end).map { UnreadableRow(at: "\(file):\($0)", code: code, reason: reason) }
    }

    var isEmpty: Bool { next > last }
}
