internal import RollcallCore

/// A `lookup` for rows of certain columns.
final class LookupStep: TransformStep {
    private let table: LookupTable
    private let keyColumns: [Int]
    private let input: Schema
    private let output: OutputColumns
    private let missing: Missing

    /// What becomes of a row whose key the table has not.
    enum Missing {
        /// It has these values, as fields.
        case has([UInt8])
        case isLeftOut
        case isRefused(Refusal)
    }

    init(_ table: LookupTable, keyColumns: [Int], of input: Schema, _ output: OutputColumns, _ missing: Missing) {
        self.table = table
        self.keyColumns = keyColumns
        self.input = input
        self.output = output
        self.missing = missing
    }

    func apply(_ batch: Batch) -> Transformed {
        var found = FoundValues(columnCount: table.types.values.count, rowCount: batch.rowCount)
        var absent: [Int] = []
        let rows = table.rows
        batch.withPinnedColumns { columns in
            let keys = keyColumns.map { (values: columns[$0], isNumber: input.columns[$0].type.isNumber) }
            var key: [UInt8] = []
            for row in 0..<batch.rowCount {
                key.removeAll(keepingCapacity: true)
                if LookupKey.append(row, keys, to: &key), let place = rows.values(of: key) {
                    found.append(rows.arena, at: place)
                } else {
                    absent.append(row)
                    if case .has(let fields) = missing { found.append(fields, at: 0) } else { found.appendNulls() }
                }
            }
        }
        return settle(absent, output.placing(found.columns, in: batch))
    }

    private func settle(_ absent: [Int], _ batch: Batch) -> Transformed {
        switch missing {
        case .has: return Transformed(batch)
        case .isLeftOut:
            guard !absent.isEmpty else { return Transformed(batch) }
            var isKept = Array(repeating: true, count: batch.rowCount)
            for row in absent { isKept[row] = false }
            return Transformed(batch.keeping(isKept.indices.filter { isKept[$0] }), filtered: absent.count)
        case .isRefused(let refusal):
            var refusals = Refusals()
            for row in absent { refusals.refuse(row, refusal) }
            return refusals.applied(to: batch)
        }
    }
}

/// The columns that a `lookup` makes, row by row.
private struct FoundValues {
    private var builders: [ColumnBuilder]

    init(columnCount: Int, rowCount: Int) {
        builders = (0..<columnCount).map { _ in ColumnBuilder(rowCount: rowCount) }
    }

    /// Appends a value to each column: the fields that begin at `place`.
    mutating func append(_ arena: [UInt8], at place: Int) {
        var place = place
        let bytes = arena.span
        for index in builders.indices {
            guard let range = arena.field(at: &place) else {
                builders[index].appendNull()
                continue
            }
            builders[index].append { text in
                text.appendBytes(bytes.extracting(range))
                return true
            }
        }
    }

    mutating func appendNulls() {
        for index in builders.indices { builders[index].appendNull() }
    }

    var columns: [Column] { builders.map { $0.finish() } }
}
