internal import RollcallCore

/// Where the columns that a step makes go: one whose name exists replaces it in its place, others come at the end.
struct OutputColumns: Sendable {
    let schema: Schema
    private let places: [Int]

    /// - Throws: a configuration error when two of the columns have one name.
    init(_ columns: [Schema.Column], after input: Schema) throws {
        var output = input.columns
        places = columns.map { column in
            if let existing = input.index(of: column.name) {
                output[existing] = column
                return existing
            }
            output.append(column)
            return output.count - 1
        }
        schema = try Schema(output)
    }

    /// The batch with the values of the columns, in their order.
    func placing(_ values: [Column], in batch: Batch) -> Batch {
        var columns = batch.columns
        for (place, column) in zip(places, values) {
            if place < columns.count {
                columns[place] = column
            } else {
                columns.append(column)
            }
        }
        return batch.replacing(columns, schema: schema)
    }
}
