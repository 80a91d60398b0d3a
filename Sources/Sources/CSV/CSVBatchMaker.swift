internal import RollcallCore
internal import RollcallFiles

/// Makes batches of rows that were scanned.
///
/// The text goes into the arena as it is, and cells point into it; only what was escaped, or is written otherwise than its type wants it, is
/// written anew behind it.
struct CSVBatchMaker: Sendable {
    let schema: Schema
    private let columns: [ColumnMaker]
    private let keyColumns: [Int]

    init(schema: Schema, options: CSVOptions) {
        self.schema = schema
        columns = schema.columns.indices.map { index in
            ColumnMaker(
                type: schema.columns[index].type,
                nullValues: options.nullValues,
                fallback: options.columns?.columns[index].fallback.map { Array($0.utf8) },
                dialect: options.dialect
            )
        }
        keyColumns = options.key.compactMap(schema.index(of:))
    }

    /// A batch of rows that were read, and of those among them that have a value of a wrong type.
    struct Made {
        let batch: Batch
        /// By their indices among the rows, in order.
        let mistyped: [(row: Int, fault: UnreadableRow)]
    }

    /// Makes a batch of rows without a flaw.
    func make(_ rows: [RawRow], _ cells: [RawCell], of text: Span<UInt8>, _ layout: CSVLayout, file: String) -> Made {
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
                column.cells(of: rows, cells, at: layout.places[index], arena: &arena, from: start, wrong: &faults)
            )
            for row in faults where wrong[row] == nil { wrong[row] = index }
        }
        let batch = Batch(
            schema: schema,
            rowCount: rows.count,
            columns: made.map { Column(arena: arena, cells: $0) }
        )
        guard !wrong.isEmpty else { return Made(batch: batch, mistyped: []) }
        let mistyped = wrong.keys.sorted().map { row in
            (row: row, fault: fault(in: batch, row, column: wrong[row] ?? 0, at: "\(file):\(rows[row].line)"))
        }
        return Made(batch: batch.without(Set(wrong.keys)), mistyped: mistyped)
    }

    private func fault(in batch: Batch, _ row: Int, column: Int, at place: String) -> UnreadableRow {
        let name = schema.columns[column].name
        let key = keyColumns.map { batch.columns[$0][row] }
        return UnreadableRow(
            at: place,
            key: keyColumns.contains(column) ? nil : key.map { $0 ?? "NULL" },
            code: "wrong_type",
            reason: "the value of \"\(name)\" is not \(schema.columns[column].type.example)"
        )
    }
}

extension Batch {
    /// As if the source had never had these rows.
    fileprivate func without(_ rows: Set<Int>) -> Batch {
        let left = (0..<rowCount).filter { !rows.contains($0) }
        return Batch(
            schema: schema,
            rowCount: left.count,
            columns: columns.map { column in Column(arena: column.arena, cells: left.map { column.cells[$0] }) }
        )
    }
}
