internal import PhoneNumbers
internal import RollcallCore

/// Rewrites the phone numbers of some columns in place, and adds columns of what they tell.
final class PhoneStep: TransformStep {
    let output: Schema
    private let columns: [Int]
    private let details: [PhoneDetail]
    private let placement: OutputColumns
    private let reader: PhoneReader
    private let regionColumn: Int?
    private let onInvalid: OnInvalid

    /// - Parameters:
    ///   - columns: Where the numbers stand.
    ///   - details: Columns for what the number of the one column tells.
    ///   - input: The columns before the step.
    ///   - reader: What makes numbers of values.
    ///   - regionColumn: Where the region of a row stands.
    ///   - onInvalid: What becomes of a value that is refused.
    /// - Throws: a configuration error when two columns would have one name.
    init(
        columns: [Int],
        details: [(name: String, detail: PhoneDetail)],
        of input: Schema,
        reader: PhoneReader,
        regionColumn: Int?,
        onInvalid: OnInvalid
    ) throws {
        // A number with a `+` is text, whatever the column was before.
        let names = columns.map { input.columns[$0].name } + details.map(\.name)
        placement = try OutputColumns(names.map { Schema.Column($0) }, after: input)
        output = placement.schema
        self.columns = columns
        self.details = details.map(\.detail)
        self.reader = reader
        self.regionColumn = regionColumn
        self.onInvalid = onInvalid
    }

    func apply(_ batch: Batch) -> Transformed {
        var refusals = Refusals()
        var made: [Column] = []
        batch.withPinnedColumns { pinned in
            let regions = regionColumn.map { pinned[$0] }
            for index in columns {
                made += rewritten(pinned[index], of: batch, column: index, regions, &refusals)
            }
        }
        return refusals.applied(to: placement.placing(made, in: batch))
    }

    /// The column of numbers, and behind it those of details.
    private func rewritten(
        _ values: PinnedColumn,
        of batch: Batch,
        column: Int,
        _ regions: PinnedColumn?,
        _ refusals: inout Refusals
    ) -> [Column] {
        let name = batch.schema.columns[column].name
        var numbers = ColumnBuilder(rowCount: batch.rowCount, byteCount: batch.rowCount * 16)
        var found = details.map { _ in ColumnBuilder(rowCount: batch.rowCount) }
        for row in 0..<batch.rowCount {
            let region = regions.map { $0.withBytes(of: row) { PhoneReader.RowRegion($0) } } ?? .none
            values.withBytes(of: row) { text in
                let reading = reader.read(text, region)
                numbers.append { appendNumber(reading, text, to: &$0) }
                for index in details.indices {
                    found[index].append { details[index].append(reading, to: &$0) }
                }
                guard case .refused(let refusal) = reading else { return }
                switch onInvalid {
                case .reject: refusals.refuse(row, column: name, refusal)
                case .null: refusals.noteNull(column: name)
                case .keep: break
                }
            }
        }
        return ([numbers] + found).map { $0.finish() }
    }

    /// - Returns: False where the value becomes NULL.
    private func appendNumber(_ reading: PhoneReader.Reading, _ text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        switch reading {
        case .taken(let number, _):
            number.appendE164(to: &bytes)
            return true
        case .refused where onInvalid == .keep:
            bytes.appendBytes(text)
            return true
        case .refused, .blank:
            return false
        }
    }
}
