internal import RollcallCore

/// A `lookup` for rows of certain columns.
final class LookupStep: TransformStep {
    private let rows: KeyedRows
    private let valueCount: Int
    private let keyColumns: [(index: Int, asNumber: Bool)]
    private let output: OutputColumns
    private let missing: Missing
    private var rowCount = 0
    private var foundCount = 0
    /// Rows from which on it is no chance that not one is found.
    private static let telling = 100

    /// What becomes of a row whose key the table has not.
    enum Missing {
        /// It has these values, as fields.
        case has([UInt8])
        case isLeftOut
        case isRefused(Refusal)
    }

    /// - Parameters:
    ///   - table: The table as it was read, and the rules it was read by.
    ///   - keyColumns: The columns that are compared with its key, in the order of that.
    ///   - input: The columns before the step.
    ///   - output: Those behind it.
    ///   - missing: What becomes of a row that the table has not.
    /// - Throws: a preflight error where two rows of the table have keys that are the same number, and other values.
    init(
        _ table: (read: LookupTable, rules: LookupTableRules),
        keyColumns: [Int],
        of input: Schema,
        _ output: OutputColumns,
        _ missing: Missing
    ) throws {
        let types = table.read.types
        self.keyColumns = zip(keyColumns, types.key).map { ($0, $1.isNumber || input.columns[$0].type.isNumber) }
        rows = try table.read.rows(asNumber: self.keyColumns.map(\.asNumber), table.rules)
        valueCount = types.values.count
        self.output = output
        self.missing = missing
    }

    func apply(_ batch: Batch) -> Transformed {
        var found = FoundValues(columnCount: valueCount, rowCount: batch.rowCount)
        var absent: [Int] = []
        batch.withPinnedColumns { columns in
            let keys = keyColumns.map { (values: columns[$0.index], asNumber: $0.asNumber) }
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
        rowCount += batch.rowCount
        foundCount += batch.rowCount - absent.count
        return settle(absent, output.placing(found.columns, in: batch))
    }

    var remarks: [String] {
        guard foundCount == 0, rowCount >= Self.telling else { return [] }
        return ["none of the first \(rowCount) rows is in its table; are their keys written alike?"]
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
