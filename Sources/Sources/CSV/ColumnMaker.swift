internal import RollcallCore
internal import RollcallFiles

/// Makes the cells of one column.
struct ColumnMaker: Sendable {
    let type: LogicalType
    let isKey: Bool
    let nullValues: [[UInt8]]
    /// In the place of null.
    let fallback: [UInt8]?
    let dialect: Dialect

    /// The cells of rows, in their order.
    ///
    /// - Parameters:
    ///   - rows: Rows without a flaw.
    ///   - cells: All cells that were scanned.
    ///   - place: Where in a row the column's value is.
    ///   - arena: Begins with the text of the rows.
    ///   - start: Where that text stood when it was scanned.
    ///   - wrong: Gets the rows whose value is not of the type; their cells hold nothing.
    /// - Returns: A cell for each row.
    func cells(
        of rows: [RawRow],
        _ cells: [RawCell],
        at place: Int,
        arena: inout [UInt8],
        from start: Int,
        wrong: inout [Int]
    ) -> [Cell] {
        var made: [Cell] = []
        made.reserveCapacity(rows.count)
        let isPlain = type == .text && nullValues.isEmpty
        var standIn: Cell?
        for (index, row) in rows.enumerated() {
            let raw = cells[row.cells.lowerBound + place]
            let begin = Int(raw.start) - start
            let range = begin..<begin + Int(raw.length)
            let cell = raw.isEscaped ? arena.appendCell(dialect.unescaped(arena[range])) : Cell(range)
            if isPlain {
                made.append(cell)
            } else if isNull(cell, arena) {
                if standIn == nil, let fallback { standIn = arena.appendCell(fallback) }
                made.append(standIn ?? .null)
            } else if type == .text {
                made.append(cell)
            } else if let typed = type.cell(cell, in: &arena, isKey: isKey) {
                made.append(typed)
            } else {
                wrong.append(index)
                made.append(.null)
            }
        }
        return made
    }

    /// An empty value is null where it could be nothing else.
    private func isNull(_ cell: Cell, _ arena: [UInt8]) -> Bool {
        if type != .text, cell.count == 0 { return true }
        return nullValues.contains { $0.count == cell.count && arena[cell.range].elementsEqual($0) }
    }
}
