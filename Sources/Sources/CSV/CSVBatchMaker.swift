internal import RollcallCore
internal import RollcallFiles

/// Makes batches of rows that were scanned.
///
/// The text goes into the arena as it is, and cells point into it; only what was escaped, or is written otherwise than its type wants it, is
/// written anew behind it.
struct CSVBatchMaker: Sendable {
    let schema: Schema
    private let columns: [ColumnMaker]
    /// Of each column among those of the source.
    private let places: [Int]
    private let keyColumns: [Int]

    /// Makes those of all columns of the source that were chosen.
    init(_ all: Schema, chosen: Set<String>, options: CSVOptions) throws {
        places = all.columns.indices.filter { chosen.contains(all.columns[$0].name) }
        schema = try Schema(places.map { all.columns[$0] })
        columns = places.map { index in
            ColumnMaker(
                type: all.columns[index].type,
                isKey: options.key.contains(all.columns[index].name),
                nullValues: options.nullValues,
                fallback: options.columns?.columns[index].fallback.map { Array($0.utf8) },
                dialect: options.dialect
            )
        }
        keyColumns = options.key.compactMap(schema.index(of:))
    }

    /// Makes a batch of rows without a flaw.
    func make(
        _ rows: [RawRow],
        _ cells: [RawCell],
        of text: Span<UInt8>,
        _ layout: CSVLayout,
        file: String
    ) -> TypedBatch {
        var arena: [UInt8] = []
        let start = rows.first?.range.lowerBound ?? 0
        let end = rows.last?.range.upperBound ?? 0
        // Room for what is written anew; most files need none.
        arena.reserveCapacity(end - start + 64)
        arena.appendBytes(text.extracting(start..<end))
        var made: [[Cell]] = []
        var wrong: [Int: Int] = [:]
        for (index, column) in columns.enumerated() {
            var faults: [Int] = []
            made.append(
                column.cells(
                    of: rows,
                    cells,
                    at: layout.places[places[index]],
                    arena: &arena,
                    from: start,
                    wrong: &faults
                )
            )
            for row in faults where wrong[row] == nil { wrong[row] = index }
        }
        let batch = Batch(
            schema: schema,
            rowCount: rows.count,
            columns: made.map { Column(arena: arena, cells: $0) }
        )
        return batch.leavingOut(wrong, keyColumns: keyColumns) { "\(file):\(rows[$0].line)" }
    }
}
