internal import Foundation
internal import RollcallCore

/// A CSV file (RFC 4180) with a line of headings and two columns: small enough to be held in memory.
enum ValueTableFile {
    /// The lines behind the headings; errors have the place in the file.
    static func entries(of path: String) throws -> [(key: String, value: String?)] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RollcallError(.configuration, "\(path): no such file, or it may not be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw RollcallError(.configuration, "the file is no UTF-8 text", at: SourceLocation(file: path, line: 1))
        }
        return try entries(text, file: path)
    }

    static func entries(_ text: String, file: String) throws -> [(key: String, value: String?)] {
        var lines = CSVLines(text, file: file)
        guard try lines.next() != nil else {
            throw RollcallError(.configuration, "the file is empty", at: SourceLocation(file: file, line: 1))
        }
        var entries: [(key: String, value: String?)] = []
        // By bytes, as values are looked up.
        var places: [[UInt8]: Int] = [:]
        while let (fields, line) = try lines.next() {
            let location = SourceLocation(file: file, line: line)
            guard fields.count == 2 else {
                throw RollcallError(.configuration, "must have two columns, got \(fields.count)", at: location)
            }
            if let other = places.updateValue(line, forKey: Array(fields[0].utf8)) {
                throw RollcallError(.configuration, "has the value of line \(other) once more", at: location)
            }
            entries.append((fields[0], fields[1]))
        }
        guard !entries.isEmpty else {
            throw RollcallError(
                .configuration,
                "the file has no line behind its headings",
                hint: "its first line is one of headings, such as `value,becomes`",
                at: SourceLocation(file: file, line: 1)
            )
        }
        return entries
    }
}

/// Cuts text into lines of fields; a field in quotes may have commas, line breaks and doubled quotes.
private struct CSVLines {
    private let scalars: [Unicode.Scalar]
    private let file: String
    private var index = 0
    private var line = 1

    init(_ text: String, file: String) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
        self.file = file
    }

    /// Nil behind the last line; empty lines are passed over.
    mutating func next() throws -> (fields: [String], line: Int)? {
        while index < scalars.count, takeLineBreak() {}
        guard index < scalars.count else { return nil }
        let start = line
        var fields = [try field()]
        while index < scalars.count, scalars[index] == "," {
            index += 1
            fields.append(try field())
        }
        guard index == scalars.count || takeLineBreak() else {
            throw fault("has text behind the quote that ends a field", at: line)
        }
        return (fields, start)
    }

    private mutating func field() throws -> String {
        var text = String.UnicodeScalarView()
        guard index < scalars.count, scalars[index] == "\"" else {
            while index < scalars.count, ![",", "\n", "\r"].contains(scalars[index]) {
                text.append(scalars[index])
                index += 1
            }
            return String(text)
        }
        let start = line
        index += 1
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "\"" {
                guard index < scalars.count, scalars[index] == "\"" else { return String(text) }
                index += 1
            } else if scalar == "\n" {
                line += 1
            }
            text.append(scalar)
        }
        throw fault("has a quote without an end", at: start)
    }

    private mutating func takeLineBreak() -> Bool {
        let isReturn = scalars[index] == "\r"
        if isReturn { index += 1 }
        let isFeed = index < scalars.count && scalars[index] == "\n"
        if isFeed { index += 1 }
        if isReturn || isFeed { line += 1 }
        return isReturn || isFeed
    }

    private func fault(_ message: String, at line: Int) -> RollcallError {
        RollcallError(.configuration, message, at: SourceLocation(file: file, line: line))
    }
}
