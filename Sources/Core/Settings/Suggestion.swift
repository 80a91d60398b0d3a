/// "did you mean …" for a name that is close to one that exists; nil when none is.
///
/// Close is an edit distance (insert, delete, replace, swap of neighbours) of at most a third of the name's length, rounded up.
public func suggestion(for name: String, among names: [String]) -> String? {
    let limit = max(1, (name.count + 2) / 3)
    let nearest =
        names
        .map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
        .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= limit else { return nil }
    return "did you mean `\(nearest.name)`?"
}

private func editDistance(_ one: String, _ other: String) -> Int {
    let rows = Array(one)
    let columns = Array(other)
    var table = Array(repeating: Array(repeating: 0, count: columns.count + 1), count: rows.count + 1)
    for row in 0...rows.count { table[row][0] = row }
    for column in 0...columns.count { table[0][column] = column }
    guard !rows.isEmpty, !columns.isEmpty else { return max(rows.count, columns.count) }
    for row in 1...rows.count {
        for column in 1...columns.count {
            let cost = rows[row - 1] == columns[column - 1] ? 0 : 1
            var best = min(table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + cost)
            let isSwap =
                row > 1 && column > 1 && rows[row - 1] == columns[column - 2] && rows[row - 2] == columns[column - 1]
            if isSwap { best = min(best, table[row - 2][column - 2] + 1) }
            table[row][column] = best
        }
    }
    return table[rows.count][columns.count]
}
