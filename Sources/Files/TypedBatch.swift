package import RollcallCore

/// A batch of rows that were read, and of those among them that have a value of a wrong type.
package struct TypedBatch {
    package let batch: Batch
    /// By their indices among the rows, in order.
    package let mistyped: [(row: Int, fault: UnreadableRow)]

    /// The batch with all rows that cannot be read, in the order in which they were met.
    ///
    /// - Parameters:
    ///   - flawed: Rows that never became rows of the batch, by their indices among all that were met, in order.
    ///   - count: How many were met.
    /// - Returns: The batch, which knows them.
    package func telling(of flawed: [(row: Int, fault: UnreadableRow)], among count: Int) -> Batch {
        var batch = batch
        var (flawed, mistyped) = (flawed[...], mistyped[...])
        var read = 0
        for row in 0..<count where !flawed.isEmpty || !mistyped.isEmpty {
            if flawed.first?.row == row {
                batch.unreadable.append(flawed.removeFirst().fault)
                continue
            }
            if mistyped.first?.row == read { batch.unreadable.append(mistyped.removeFirst().fault) }
            read += 1
        }
        return batch
    }
}

extension Batch {
    /// The batch without rows that have a value of a wrong type, as if the source had never had these.
    ///
    /// - Parameters:
    ///   - wrong: The rows, each with the first column that is wrong.
    ///   - keyColumns: By their indices.
    ///   - place: Where a row is, for a person.
    /// - Returns: What is left, and the rows that were left out.
    package func leavingOut(
        _ wrong: [Int: Int],
        keyColumns: [Int],
        place: (_ row: Int) -> String
    ) -> TypedBatch {
        guard !wrong.isEmpty else { return TypedBatch(batch: self, mistyped: []) }
        let mistyped = wrong.sorted { $0.key < $1.key }.map { row, column in
            // A value of the key that is wrong, too, is NULL here: then nobody knows whose row it is.
            let values = keyColumns.compactMap { columns[$0][row] }.filter { !$0.isEmpty }
            let key = keyColumns.contains(column) || values.count < keyColumns.count ? nil : values
            let (name, type) = (schema.columns[column].name, schema.columns[column].type)
            return (
                row: row,
                fault: UnreadableRow(
                    at: place(row),
                    key: key,
                    code: "wrong_type",
                    reason: "the value of \"\(name)\" is not \(type.example)"
                )
            )
        }
        let left = (0..<rowCount).filter { wrong[$0] == nil }
        let batch = Batch(
            schema: schema,
            rowCount: left.count,
            columns: columns.map { column in Column(arena: column.arena, cells: left.map { column.cells[$0] }) }
        )
        return TypedBatch(batch: batch, mistyped: mistyped)
    }
}
