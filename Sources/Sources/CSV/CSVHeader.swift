internal import RollcallCore
internal import RollcallFiles

/// The first row of a file.
struct CSVHeader: Sendable {
    let file: InputFile
    /// Empty where the file has no row at all.
    let values: [String]

    /// Reads the first row of a file, and nothing else of it.
    init(of file: InputFile, _ options: CSVOptions) throws {
        var scanner = RowScanner(options.dialect)
        self = try CSVHeader(TextReader(file, encoding: options.encoding), &scanner, options)
    }

    /// Reads the first row; passes it by only where it is a header.
    ///
    /// - Throws: a preflight error for a header that cannot be read, and where it is missing or the file is empty.
    init(_ reader: TextReader, _ scanner: inout RowScanner, _ options: CSVOptions) throws {
        file = reader.file
        while true {
            let line = scanner.line
            let consumed = reader.withText { scanner.scan($0, isEnd: reader.isAtEnd, atMost: 1) }
            if let row = scanner.rows.first {
                values = reader.withText { text in Self.values(of: row, scanner, text) }
                guard options.hasHeader else {
                    scanner.line = line
                    return
                }
                try Self.check(row, reader, options)
                reader.advance(by: consumed)
                return
            }
            reader.advance(by: consumed)
            guard !reader.isAtEnd else { break }
            try reader.readMuchMore()
        }
        guard !options.hasHeader else {
            throw RollcallError.empty(
                file,
                lack: "no header",
                remedy: "A file of no rows has a header all the same"
            )
        }
        guard options.allowsEmpty else {
            throw RollcallError.empty(
                file,
                lack: "no row",
                remedy: "Where that is as it should be, set `allow_empty: true`"
            )
        }
        values = []
    }

    /// As columns: a name that is left out is the column's number.
    var names: [String] {
        values.enumerated().map { $1.isEmpty ? "column_\($0 + 1)" : $1 }
    }

    /// Whether the first line may be a row: a name is left out, or is a number, such as that of a phone, or an address of mail.
    var looksLikeValues: Bool {
        values.contains { value in
            value.isEmpty || value.contains("@")
                || value.contains(where: \.isNumber) && value.allSatisfy { $0.isNumber || "+-./:() ".contains($0) }
        }
    }

    /// The numbers of two columns that have the same name.
    var namesake: (Int, Int)? {
        var numbers: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            if let one = numbers.updateValue(index + 1, forKey: name) { return (one, index + 1) }
        }
        return nil
    }

    private static func values(of row: RawRow, _ scanner: RowScanner, _ text: Span<UInt8>) -> [String] {
        scanner.cells[row.cells].map { cell in
            var bytes: [UInt8] = []
            bytes.appendBytes(text.extracting(cell.range))
            if cell.isEscaped { bytes = scanner.dialect.unescaped(bytes[...]) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func check(_ row: RawRow, _ reader: TextReader, _ options: CSVOptions) throws {
        // Any number of columns will do.
        let flaws = reader.withText {
            [row].flaws(expecting: row.cells.count, reader.faults, in: $0, offset: reader.offset)
        }
        guard let flaw = flaws[0] else { return }
        throw RollcallError(
            .preflight,
            "the header of \(reader.file.name) cannot be read (line \(row.line)): \(flaw.reason(options.dialect))",
            hint: "are `delimiter`, `quote` and `encoding` those of the file?"
        )
    }
}
