internal import Foundation
internal import RollcallCore
internal import RollcallFiles

/// A place between two rows of the files of a CSV source.
struct CSVPosition: Codable, Equatable {
    var files: FilesPosition
    /// The number of the next line of the current file.
    var line: Int
    /// Lines of a wrong row before this place that are still to be told of.
    var unreadable: UnreadableLines?

    init(files: FilesPosition, line: Int, unreadable: UnreadableLines?) {
        self.files = files
        self.line = line
        self.unreadable = unreadable
    }

    /// - Throws: a configuration error for what no CSV source has made.
    init(_ position: Position) throws {
        do {
            self = try JSONDecoder().decode(CSVPosition.self, from: Data(position.json.utf8))
        } catch {
            throw RollcallError(
                .configuration,
                "the checkpoint is no position of a csv source",
                hint: "begin anew with `rollcall checkpoint reset`: every row is read, and what differs is sent",
                cause: error
            )
        }
    }

    func position() throws -> Position {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Position(json: String(decoding: try encoder.encode(self), as: UTF8.self))
    }
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
