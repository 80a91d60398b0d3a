internal import RollcallCore

/// A batch of rows of which others were left out already, with cells that lie scattered among bytes that are no text.
struct TrickyBatch {
    let batch: Batch

    /// The rows have odd numbers in the batch as it was made: `origin(of:)` is 1 for the first, 3 for the second.
    init(_ rows: [[String?]], _ columns: [Schema.Column], position: Position?) throws {
        let made = columns.indices.map { column in
            var arena: [UInt8] = [0xFF]
            var cells: [Cell] = []
            for row in rows {
                cells.append(.null)
                guard let value = row[column] else {
                    cells.append(.null)
                    continue
                }
                let start = arena.count
                arena += Array(value.utf8) + [0xC3]
                cells.append(Cell(start..<arena.count - 1))
            }
            return Column(arena: arena, cells: cells)
        }
        let all = Batch(schema: try Schema(columns), rowCount: 2 * rows.count, columns: made, position: position)
        batch = all.keeping(rows.indices.map { 2 * $0 + 1 })
    }

    /// Which of the rows has this number; nil for one that was left out, or never there.
    func index(ofOrigin origin: Int) -> Int? {
        let index = origin / 2
        return origin % 2 == 1 && index < batch.rowCount ? index : nil
    }
}
