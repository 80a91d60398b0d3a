internal import RollcallCore

/// The columns that several sources have in common, in the order of the first.
struct CommonColumns {
    let schema: Schema
    /// For each source where it has them.
    let places: [[Int]]

    /// - Parameter sources: Each with its columns, and with the names of those that will be looked at.
    /// - Throws: a preflight error where a source lacks a column that another one has, or has it of a type that does not go with it.
    init(_ sources: [(member: SourceList.Member, schema: Schema, chosen: Set<String>)]) throws {
        let first = sources[0]
        for other in sources.dropFirst() where other.chosen != first.chosen {
            throw Self.difference(first, other)
        }
        let names = first.schema.names.filter(first.chosen.contains)
        let places = sources.map { source in names.compactMap(source.schema.index(of:)) }
        self.places = places
        schema = try Schema(
            names.indices.map { index in
                let columns = zip(sources, places).map { ($0.member, $0.schema.columns[$1[index]]) }
                return try columns.dropFirst().reduce(columns[0]) { one, other in
                    guard let type = one.1.type.common(with: other.1.type) else { throw Self.clash(one, other) }
                    return (one.0, Schema.Column(one.1.name, type))
                }.1
            }
        )
    }

    private static func difference(
        _ one: (member: SourceList.Member, schema: Schema, chosen: Set<String>),
        _ other: (member: SourceList.Member, schema: Schema, chosen: Set<String>)
    ) -> RollcallError {
        let onlyOne = one.chosen.subtracting(other.chosen)
        let (names, member) =
            onlyOne.isEmpty ? (other.chosen.subtracting(one.chosen), one.member) : (onlyOne, other.member)
        return RollcallError(
            .preflight,
            "has no column \(names.sorted().map { "\"\($0)\"" }.joined(separator: ", ")), which another source has",
            hint: "sources of one list have the same columns: add it there, or choose columns with a `select` step",
            at: member.component.location
        )
        .attributed(to: "source `\(member.name)`", at: nil)
    }

    private static func clash(
        _ one: (member: SourceList.Member, column: Schema.Column),
        _ other: (member: SourceList.Member, column: Schema.Column)
    ) -> RollcallError {
        RollcallError(
            .preflight,
            """
            the column "\(other.column.name)" is \(other.column.type.rawValue) here, and \(one.column.type.rawValue) in the \
            source `\(one.member.name)`
            """,
            hint: "give it one type: with `columns` for files, with a cast in the `query` for postgres",
            at: other.member.component.location
        )
        .attributed(to: "source `\(other.member.name)`", at: nil)
    }
}

extension LogicalType {
    /// The type of values of both; nil where none means the same for both.
    fileprivate func common(with other: LogicalType) -> LogicalType? {
        if self == other { return self }
        return [.integer, .decimal].contains(self) && [.integer, .decimal].contains(other) ? .decimal : nil
    }
}
