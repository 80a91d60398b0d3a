internal import RollcallCore
internal import RollcallFiles

/// The rows of the files of a JSON source, batch by batch.
final class JSONRows: FileRows {
    var schema: Schema { maker.schema }
    private let options: JSONOptions
    private let files: TextFiles
    private let maker: JSONBatchMaker
    private var finder: RecordFinder
    private let bytesPerRow: Int?

    init(_ options: JSONOptions, choosing choose: (Schema) throws -> Set<String>) throws {
        self.options = options
        let inputs = try options.pattern.files()
        files = TextFiles(inputs, encoding: options.encoding)
        maker = try JSONBatchMaker(options, chosen: try choose(options.columns.schema()).union(options.key))
        finder = RecordFinder(maker.tree, options.rules)
        if options.pattern.isStandardInput {
            bytesPerRow = nil
        } else {
            bytesPerRow = try Self.bytesPerRow(Self.sample(inputs[0], options), maker.tree, options)
            for file in inputs.dropFirst() { _ = try Self.sample(file, options) }
        }
    }

    var estimatedRowCount: Int? {
        guard let bytesPerRow, let bytes = files.remainingBytes else { return nil }
        return bytes / bytesPerRow
    }

    /// The beginning of a file: one that may not be read, or is empty, is to be told before the first row.
    private static func sample(_ file: InputFile, _ options: JSONOptions) throws -> TextReader {
        let sample = try TextReader(file, encoding: options.encoding)
        while try sample.readMore() {
            let blanks = sample.withText { Lexis.passBlanks($0, 0) }
            sample.advance(by: blanks)
            if sample.withText({ !$0.isEmpty }) { return sample }
        }
        guard options.allowsEmpty else { throw empty(file, options) }
        return sample
    }

    private static func empty(_ file: InputFile, _ options: JSONOptions) -> RollcallError {
        let remedy =
            options.rules.format == .document
            ? "An array of no records is `[]`" : "Where that is as it should be, set `allow_empty: true`"
        return RollcallError.empty(file, lack: "no record", remedy: remedy)
    }

    /// Of the records at the beginning of a file; nil where there is none.
    private static func bytesPerRow(_ sample: TextReader, _ tree: PathTree, _ options: JSONOptions) throws -> Int? {
        var finder = RecordFinder(tree, options.rules)
        let consumed = sample.scan(with: &finder, atMost: .max).consumed
        return finder.found.isEmpty ? nil : max(1, consumed / finder.found.count)
    }

    var remarks: [String] {
        let count = finder.scanner.repeatedNames
        guard count > 0 else { return [] }
        return [
            "names that lead to columns stood in one object more than once, \(count) time\(count == 1 ? "" : "s"): the last one counted"
        ]
    }

    var textsRead: FilesPosition? { files.position }

    func resume(at position: JSONPosition) throws -> String? {
        if let change = try files.resume(at: position.files) { return change }
        if files.current != nil { finder.state = position.place }
        return nil
    }

    /// - Throws: a fatal error for text that is no document, also for a record that cannot be read where the settings want that; every
    ///   row before was handed over then.
    func next(atMost rowCount: Int) throws -> Batch? {
        while true {
            guard let reader = try files.current ?? openNext() else { return nil }
            if let batch = try scan(reader, atMost: rowCount) { return batch }
            if !reader.isAtEnd {
                try reader.readMuchMore()
            } else if finder.isBlank, !options.allowsEmpty {
                throw Self.empty(reader.file, options).whileReading
            } else if try openNext() == nil {
                return nil
            }
        }
    }

    private func openNext() throws -> TextReader? {
        guard let reader = try files.next() else { return nil }
        finder.state = RecordFinder.State()
        return reader
    }

    /// Makes a batch of the records in the text that is there; nil where there is none.
    private func scan(_ reader: TextReader, atMost rowCount: Int) throws -> Batch? {
        let before = finder.state
        var (consumed, fault) = reader.scan(with: &finder, atMost: rowCount)
        if finder.found.isEmpty {
            if let fault { throw RollcallError(fault, at: finder.line(of: fault, reader), reader, options) }
            reader.advance(by: consumed)
            return nil
        }
        var made = make(reader)
        if options.rules.stopsAtUnreadable {
            if let first = finder.found.first, let flaw = first.flaw { throw unreadable(first, flaw, reader).stop }
            if let first = made.mistyped.first {
                guard first.row > 0 else { throw first.fault.stop }
                finder.state = before
                (consumed, _) = reader.scan(with: &finder, atMost: first.row)
                made = make(reader)
            }
        }
        let flawed = finder.found.enumerated().compactMap { index, record in
            record.flaw.map { (row: index, fault: unreadable(record, $0, reader)) }
        }
        var batch = made.telling(of: flawed, among: finder.found.count)
        reader.advance(by: consumed)
        batch.position = try files.position.map {
            try Position(encoding: JSONPosition(files: $0, place: finder.state))
        }
        return batch
    }

    private func make(_ reader: TextReader) -> TypedBatch {
        let good = finder.found.filter { $0.flaw == nil }
        return reader.withText { text in
            maker.make(good, finder.scanner.values, of: text) { place(of: $0, reader) }
        }
    }

    private func place(of record: FoundRecord, _ reader: TextReader) -> String {
        let line = "\(reader.file.name):\(record.line)"
        switch record.flaw {
        case .malformed(let fault): return "\(line) (byte \(reader.byte(reader.offset + fault.place)))"
        // Many may stand on one line.
        default: return finder.isDocument ? "\(line) (byte \(reader.byte(record.offset)))" : line
        }
    }

    private func unreadable(_ record: FoundRecord, _ flaw: RecordFlaw, _ reader: TextReader) -> UnreadableRow {
        UnreadableRow(
            at: place(of: record, reader),
            code: flaw.code,
            reason: flaw.reason(maxRecordBytes: options.rules.maxRecordBytes)
        )
    }
}

extension RollcallError {
    /// A document that cannot be read on: nobody can tell where its next record begins.
    fileprivate init(_ fault: JSONFault, at line: Int, _ reader: TextReader, _ options: JSONOptions) {
        let isPlaceGiven = options.rules.recordsAt != JSONPath([])
        let hint =
            switch fault.kind {
            case .noArray where isPlaceGiven, .noRecords where isPlaceGiven:
                "does `records_at` lead to the array? Its names are compared exactly and in case, and a number is a place in an array"
            case .noArray, .noRecords:
                "say where the records are with `records_at: /name`; or `format: lines` for a record on each line"
            case .cutOff: "fetch or make the file again"
            case .textBehind: "one document is due; for a record on each line set `format: lines`"
            default: "mend the file; the rows before this place were read"
            }
        self.init(
            .fatal,
            "\(reader.file.name):\(line) cannot be read at byte \(reader.byte(reader.offset + fault.place)): \(fault.words)",
            hint: hint
        )
    }
}

extension TextReader {
    /// Scans the text that is there.
    fileprivate func scan(
        with finder: inout RecordFinder,
        atMost count: Int
    ) -> (consumed: Int, fault: JSONFault?) {
        let piece = RecordFinder.Piece(offset: offset, isEnd: isAtEnd, faults: faults.map { $0.offset - offset })
        return withText { finder.scan($0, piece, atMost: count) }
    }

    /// The byte of the file, unpacked, at a place of its text.
    fileprivate func byte(_ place: Int) -> Int { place + byteOrderMarkLength }
}

extension RecordFinder {
    /// The line of a fault in the text that was scanned.
    fileprivate func line(of fault: JSONFault, _ reader: TextReader) -> Int {
        reader.withText { line(of: fault, $0) }
    }
}
