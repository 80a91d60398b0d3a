internal import RollcallCore

/// A file in the middle of being read.
///
/// It reads from the disk as it is asked, a piece of 64 KiB at a time; a source that waits for a network would call it
/// asynchronously.
actor FixedWidthReader: SourceReader {
    nonisolated let schema: Schema
    nonisolated let estimatedRowCount: Int?
    nonisolated let reservations: [String]

    private let layout: LineLayout
    private let key: [String]
    /// The columns that were chosen, by their indices.
    private let places: [Int]
    private var file: LineFile

    /// - Throws: a preflight error where there is no file, or it may not be read.
    init(_ path: String, layout: LineLayout, chosen: Set<String>, key: [String], after place: LinePosition?) throws {
        self.layout = layout
        self.key = key
        places = layout.columns.indices.filter { chosen.contains(layout.columns[$0].name) }
        schema = try Schema(places.map { layout.schema.columns[$0] })
        file = try LineFile(path)
        estimatedRowCount = Int(file.file.bytes) / (layout.width + 1)
        if let place, place.file == file.file {
            try file.seek(to: place)
            reservations = []
        } else {
            reservations =
                place == nil
                ? [] : ["\(path) is another file than the interrupted run read: it is read from the beginning"]
        }
    }

    func next(atMost rowCount: Int) async throws -> Batch? {
        var rows = BatchBuilder(schema: schema)
        var unreadable: [UnreadableRow] = []
        while rows.rowCount + unreadable.count < rowCount {
            try Task.checkCancellation()
            guard let line = try file.next() else { break }
            if line.isEmpty { continue }
            switch read(line) {
            case .success(let values): for place in places { rows.append(values[place]) }
            case .failure(let fault): unreadable.append(fault.row)
            }
        }
        guard rows.rowCount + unreadable.count > 0 else { return nil }
        var batch = rows.finish(
            position: try LinePosition(file: file.file, offset: file.offset, line: file.line).position()
        )
        batch.unreadable = unreadable
        return batch
    }

    /// Reads the whole file once more.
    func rows(withKeys keys: [[String]]) async throws -> Batch? {
        let wanted = Set(keys)
        let keyPlaces = key.compactMap { name in layout.columns.firstIndex { $0.name == name } }
        var rows = BatchBuilder(schema: schema)
        var unreadable: [UnreadableRow] = []
        var file = try LineFile(file.path)
        while let line = try file.next() {
            if line.isEmpty { continue }
            switch read(line) {
            case .success(let values):
                let found = keyPlaces.compactMap { values[$0] }
                guard found.count == keyPlaces.count, wanted.contains(found) else { continue }
                for place in places { rows.append(values[place]) }
            // Nobody knows whose it is.
            case .failure(let fault): unreadable.append(fault.row)
            }
        }
        try file.close()
        var batch = rows.finish()
        batch.unreadable = unreadable
        return batch
    }

    /// Every run reads the whole file.
    func finalPosition() async throws -> Position? { nil }

    func close() async {
        // What was read is read, whether the file lets itself be closed or not.
        try? file.close()
    }

    private struct Fault: Error {
        let row: UnreadableRow
    }

    private func read(_ line: LineFile.Line) -> Result<[String?], Fault> {
        let place = "\(file.path):\(line.number)"
        guard let text = line.text else {
            let row = UnreadableRow(at: place, code: "ill_formed_text", reason: "the line is no UTF-8 text")
            return .failure(Fault(row: row))
        }
        guard let values = layout.values(of: text) else {
            let reason =
                "the line has \(text.unicodeScalars.count) characters, and its last column ends with number \(layout.width)"
            return .failure(Fault(row: UnreadableRow(at: place, code: "short_line", reason: reason)))
        }
        return .success(values)
    }
}
