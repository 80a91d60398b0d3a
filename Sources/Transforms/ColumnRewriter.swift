internal import RollcallCore

/// What became of one value.
enum Rewriting {
    /// It is now what was appended to the arena.
    case replaced
    case null
    case refused(Refusal)
}

/// A step that makes of each value of some columns another one, or refuses it; NULL stays NULL.
final class ColumnRewriter: TransformStep {
    /// Appends what becomes of a value to the arena.
    typealias Rewrite = (Span<UInt8>, inout [UInt8]) -> Rewriting

    let output: Schema
    private let columns: [Int]
    private let onInvalid: OnInvalid
    private let rewrite: Rewrite

    /// - Parameters:
    ///   - columns: Where the columns stand.
    ///   - input: The columns before the step.
    ///   - type: What the values mean afterwards.
    ///   - onInvalid: What becomes of a value that `rewrite` refuses.
    ///   - rewrite: What becomes of any other value.
    /// - Throws: nothing that the names of `input` do not give cause for.
    init(
        _ columns: [Int],
        of input: Schema,
        as type: LogicalType = .text,
        onInvalid: OnInvalid = .reject,
        _ rewrite: @escaping Rewrite
    ) throws {
        var schema = input.columns
        for column in columns { schema[column] = Schema.Column(schema[column].name, type) }
        output = try Schema(schema)
        self.columns = columns
        self.onInvalid = onInvalid
        self.rewrite = rewrite
    }

    func apply(_ batch: Batch) -> Transformed {
        var refusals = Refusals()
        var columns = batch.columns
        batch.withPinnedColumns { pinned in
            for index in self.columns {
                columns[index] = rewritten(
                    pinned[index],
                    batch.columns[index],
                    name: output.columns[index].name,
                    &refusals
                )
            }
        }
        return refusals.applied(to: batch.replacing(columns, schema: output))
    }

    private func rewritten(
        _ values: PinnedColumn,
        _ column: Column,
        name: String,
        _ refusals: inout Refusals
    ) -> Column {
        let rewrite = self.rewrite
        var builder = ColumnBuilder(rowCount: column.cells.count, byteCount: column.arena.count / 4)
        for row in column.cells.indices {
            guard !values[row].isNull else {
                builder.appendNull()
                continue
            }
            values.withBytes(of: row) { bytes in
                builder.append { arena in
                    let start = arena.count
                    switch rewrite(bytes, &arena) {
                    case .replaced: return true
                    case .null: return false
                    case .refused(let refusal):
                        arena.removeSubrange(start...)
                        switch onInvalid {
                        case .reject: refusals.refuse(row, column: name, refusal)
                        case .null:
                            refusals.noteNull(column: name)
                            return false
                        case .keep: arena.appendBytes(bytes)
                        }
                        return true
                    }
                }
            }
        }
        return builder.finish()
    }
}
