internal import RollcallCore
internal import RollcallFiles

/// The rows of the files of a CSV source, batch by batch.
final class CSVRows: FileRows {
    var schema: Schema { maker.schema }
    private let options: CSVOptions
    private let files: TextFiles
    private let columns: CSVColumns
    private let maker: CSVBatchMaker
    private var scanner: RowScanner
    private var layout: CSVLayout?
    /// Lines of a wrong row that are still to be told of.
    private var unreadable: UnreadableLines?
    private let bytesPerRow: Int?
    /// Files that do not end with a line end, as far as they were read.
    private var openFiles: Set<String> = []
    /// How many rows are scanned together at most.
    private var rowsAtOnce = mostRowsAtOnce

    private static let mostRowsAtOnce = 1 << 20

    /// Finds the files and looks at the header of each.
    ///
    /// - Throws: a preflight error where there is none, and for a file that has not the columns of the others.
    init(_ options: CSVOptions, choosing choose: (Schema) throws -> Set<String>) throws {
        self.options = options
        let inputs = try options.pattern.files()
        files = TextFiles(inputs, encoding: options.encoding)
        scanner = RowScanner(options.dialect)
        if options.pattern.isStandardInput, let reader = try files.next() {
            // It can be read only once, so its rows follow.
            let header = try CSVHeader(reader, &scanner, options)
            columns = try CSVColumns(header, options)
            layout = try columns.layout(header, options)
            bytesPerRow = nil
        } else {
            let sample = try TextReader(inputs[0], encoding: options.encoding)
            let header = try CSVHeader(sample, &scanner, options)
            columns = try CSVColumns(header, options)
            _ = try columns.layout(header, options)
            bytesPerRow = sample.withText(Self.bytesPerLine)
            for file in inputs.dropFirst() { _ = try columns.layout(CSVHeader(of: file, options), options) }
        }
        let chosen = try columns.choosing(choose).union(options.key)
        maker = try CSVBatchMaker(columns.schema, chosen: chosen, options: options)
    }

    var estimatedRowCount: Int? {
        guard let bytesPerRow, let bytes = files.remainingBytes else { return nil }
        return bytes / bytesPerRow
    }

    /// Of the text at the beginning of a file; nil where it has no line.
    private static func bytesPerLine(_ text: Span<UInt8>) -> Int? {
        let count = text.indices.count { text[$0] == Dialect.lineFeed }
        return count == 0 ? nil : text.count / count
    }

    var remarks: [String] {
        guard let first = openFiles.min() else { return [] }
        let others = openFiles.count > 1 ? " (nor do \(openFiles.count - 1) others)" : ""
        return [
            """
            \(first) does not end with a line end\(others): its last row may be cut off, and a number in it be somebody else's; with \
            `require_final_line_end: true` such a row is invalid
            """
        ]
    }

    var textsRead: FilesPosition? { files.position }

    func resume(at position: CSVPosition) throws -> String? {
        if let change = try files.resume(at: position.files) { return change }
        unreadable = position.unreadable
        guard let reader = files.current else { return nil }
        layout = try columns.layout(CSVHeader(of: reader.file, options), options)
        scanner = RowScanner(options.dialect, line: position.line)
        return nil
    }

    /// - Throws: a fatal error, also for a row that cannot be read where the settings want that; every row before was handed over then.
    func next(atMost rowCount: Int) throws -> Batch? {
        while true {
            if let batch = try batchOfUnreadable(atMost: rowCount) { return batch }
            guard let reader = try files.current ?? openNext() else { return nil }
            guard let consumed = try scan(reader, atMost: min(rowCount, rowsAtOnce)) else {
                guard try openNext() != nil else { return nil }
                continue
            }
            if let batch = try batch(reader, consumed) { return batch }
        }
    }

    private func openNext() throws -> TextReader? {
        guard let reader = try files.next() else { return nil }
        scanner = RowScanner(options.dialect)
        do {
            layout = try columns.layout(CSVHeader(reader, &scanner, options), options)
        } catch let error as RollcallError {
            // It was as it should be when the source was opened.
            throw error.whileReading
        }
        return reader
    }

    /// Finds rows, and reads until there are some.
    ///
    /// - Returns: How much of the text the rows take; nil at the end of the file.
    private func scan(_ reader: TextReader, atMost rowCount: Int) throws -> Int? {
        while true {
            let consumed = reader.withText { scanner.scan($0, isEnd: reader.isAtEnd, atMost: rowCount) }
            if scanner.endsOpen { openFiles.insert(reader.file.name) }
            guard scanner.rows.isEmpty else { return consumed }
            // Empty lines and comments, or the middle of a row over the limit.
            reader.advance(by: consumed)
            guard !reader.isAtEnd else { return nil }
            try reader.readMuchMore()
        }
    }

    /// Makes a batch of the rows that were scanned, up to one that cannot share it.
    ///
    /// - Returns: Nil where the first row is such a one: it was passed by.
    private func batch(_ reader: TextReader, _ consumed: Int) throws -> Batch? {
        guard let layout else { preconditionFailure("a file's rows are behind its header") }
        let rows = scanner.rows
        let flaws = reader.withText {
            rows.flaws(expecting: layout.width, reader.faults, in: $0, offset: reader.offset)
        }
        var end = rows.indices.first { flaws[$0] != nil && isAlone(rows[$0]) } ?? rows.count
        defer { adaptRowsAtOnce(to: end, of: rows.count) }
        guard end > 0 else {
            if let flaw = flaws[0] { try passBy(rows[0], flaw, reader) }
            return nil
        }
        var made = make(rows[..<end], flaws, reader, layout)
        if options.stopsAtUnreadable, let first = made.mistyped.first {
            guard first.row > 0 else { throw first.fault.stop }
            end = first.row
            made = make(rows[..<end], flaws, reader, layout)
        }
        let flawed = (0..<end).compactMap { index in
            flaws[index].map { flaw in
                var lines = UnreadableLines(rows[index], flaw, of: reader.file.name, options.dialect)
                return (row: index, fault: lines.take(atMost: 1)[0])
            }
        }
        var batch = made.telling(of: flawed, among: end)
        if end < rows.count { scanner.line = rows[end - 1].nextLine }
        reader.advance(by: end < rows.count ? rows[end - 1].range.upperBound : consumed)
        batch.position = try position()
        return batch
    }

    /// Rows behind one that is dealt with apart are scanned again; where there are many such rows, fewer are scanned together.
    private func adaptRowsAtOnce(to used: Int, of scanned: Int) {
        rowsAtOnce = used < scanned ? max(1, used) : min(2 * rowsAtOnce, Self.mostRowsAtOnce)
    }

    /// Whether a row that cannot be read is dealt with apart from those before it.
    private func isAlone(_ row: RawRow) -> Bool { options.stopsAtUnreadable || row.lineCount > 1 }

    private func make(
        _ rows: ArraySlice<RawRow>,
        _ flaws: [RowFlaw?],
        _ reader: TextReader,
        _ layout: CSVLayout
    ) -> TypedBatch {
        let good = rows.indices.filter { flaws[$0] == nil }.map { rows[$0] }
        return reader.withText { maker.make(good, scanner.cells, of: $0, layout, file: reader.file.name) }
    }

    private func passBy(_ row: RawRow, _ flaw: RowFlaw, _ reader: TextReader) throws {
        var lines = UnreadableLines(row, flaw, of: reader.file.name, options.dialect)
        guard !options.stopsAtUnreadable else { throw lines.take(atMost: 1)[0].stop }
        unreadable = lines
        scanner.line = row.nextLine
        reader.advance(by: row.range.upperBound)
    }

    private func batchOfUnreadable(atMost rowCount: Int) throws -> Batch? {
        guard var lines = unreadable else { return nil }
        var batch = Batch(schema: schema, arena: [], cellsByRow: [])
        batch.unreadable = lines.take(atMost: rowCount)
        unreadable = lines.isEmpty ? nil : lines
        batch.position = try position()
        return batch
    }

    private func position() throws -> Position? {
        try files.position.map {
            try Position(encoding: CSVPosition(files: $0, line: scanner.line, unreadable: unreadable))
        }
    }
}
