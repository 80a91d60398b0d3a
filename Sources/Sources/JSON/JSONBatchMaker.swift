internal import RollcallCore
internal import RollcallFiles

/// Makes batches of records that were scanned.
///
/// The text goes into the arena as it is, and cells point into it; only strings with escapes, and what is written otherwise than its type
/// wants it, are written anew behind it.
struct JSONBatchMaker: Sendable {
    let schema: Schema
    /// Where the columns of `schema` are within a record.
    let tree: PathTree
    private let fallbacks: [[UInt8]?]
    private let keyColumns: [Int]

    /// Makes the columns that were chosen.
    init(_ options: JSONOptions, chosen: Set<String>) throws {
        let all = options.columns.columns
        let places = all.indices.filter { chosen.contains(all[$0].name) }
        schema = try Schema(places.map { Schema.Column(all[$0].name, all[$0].type) })
        tree = PathTree(places.map { options.paths[$0] })
        fallbacks = places.map { all[$0].fallback.map { Array($0.utf8) } }
        keyColumns = options.key.compactMap(schema.index(of:))
    }

    /// Makes a batch of records without a flaw.
    ///
    /// - Parameters:
    ///   - records: Where they stand, in order.
    ///   - values: Theirs, record after record.
    ///   - text: What was scanned.
    ///   - place: Where a record is, for a person.
    /// - Returns: A row for each record whose values are of their types.
    func make(
        _ records: [FoundRecord],
        _ values: [RawValue],
        of text: Span<UInt8>,
        place: (FoundRecord) -> String
    ) -> TypedBatch {
        var arena: [UInt8] = []
        let start = records.first?.range.lowerBound ?? 0
        let end = records.last?.range.upperBound ?? 0
        // Room for what is written anew.
        arena.reserveCapacity(end - start + (end - start) / 8 + 64)
        arena.appendBytes(text.extracting(start..<end))
        var columns: [[Cell]] = []
        var wrong: [Int: Int] = [:]
        for column in schema.columns.indices {
            var faults: [Int] = []
            columns.append(cells(of: column, values, &arena, from: start, wrong: &faults))
            for row in faults where wrong[row] == nil { wrong[row] = column }
        }
        let batch = Batch(
            schema: schema,
            rowCount: records.count,
            columns: columns.map { Column(arena: arena, cells: $0) }
        )
        return batch.leavingOut(wrong, keyColumns: keyColumns) { place(records[$0]) }
    }

    /// The cells of one column; `wrong` gets the rows whose value is not of its type.
    private func cells(
        of column: Int,
        _ values: [RawValue],
        _ arena: inout [UInt8],
        from start: Int,
        wrong: inout [Int]
    ) -> [Cell] {
        let type = schema.columns[column].type
        let isKey = keyColumns.contains(column)
        let width = schema.columns.count
        var cells: [Cell] = []
        cells.reserveCapacity(values.count / width)
        var standIn: Cell?
        for index in stride(from: column, to: values.count, by: width) {
            let value = values[index]
            switch (value.kind, type) {
            case (.missing, _), (.null, _):
                if standIn == nil, let fallback = fallbacks[column] { standIn = arena.appendCell(fallback) }
                cells.append(standIn ?? .null)
            case (_, .json): cells.append(Self.cell(value.rangeAsWritten, from: start))
            case (.escapedString, .text): cells.append(Self.unescaped(value.range, &arena, from: start))
            case (_, .text): cells.append(Self.cell(value.range, from: start))
            case (.nested, _):
                wrong.append(cells.count)
                cells.append(.null)
            case (let kind, _):
                let plain =
                    kind == .escapedString
                    ? Self.unescaped(value.range, &arena, from: start) : Self.cell(value.range, from: start)
                if let cell = type.cell(plain, in: &arena, isKey: isKey) {
                    cells.append(cell)
                } else {
                    wrong.append(cells.count)
                    cells.append(.null)
                }
            }
        }
        return cells
    }

    private static func cell(_ range: Range<Int>, from start: Int) -> Cell {
        Cell(range.lowerBound - start..<range.upperBound - start)
    }

    private static func unescaped(_ range: Range<Int>, _ arena: inout [UInt8], from start: Int) -> Cell {
        arena.appendCell(
            JSONString.unescaped(arena.span.extracting(range.lowerBound - start..<range.upperBound - start))
        )
    }
}
