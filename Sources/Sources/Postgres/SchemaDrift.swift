internal import RollcallCore

/// What became of a source's columns since the run that left a position.
struct SchemaDrift {
    fileprivate struct Retyped {
        let column: SourceColumn
        let before: String
    }

    private let columns: [SourceColumn]
    private let added: [SourceColumn]
    /// By name, with their types.
    private let dropped: [(name: String, type: String)]
    private let retyped: [Retyped]
    /// Columns of the order whose values in the position mean something else now, or nothing.
    private let disordered: [Retyped]

    /// - Parameters:
    ///   - columns: What the source has now.
    ///   - position: What it had; nil, and one that a person wrote, tell of nothing.
    init(_ columns: [SourceColumn], since position: PostgresPosition?) {
        self.columns = columns
        let before = position?.schema
        added = before.map { before in columns.filter { before[$0.name] == nil } } ?? []
        dropped = (before ?? [:]).filter { name, _ in !columns.contains { $0.name == name } }
            .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        retyped = columns.compactMap { Retyped($0, before: before?[$0.name]) }
        let order = zip(position?.columns ?? [], position?.types ?? [])
        disordered = order.compactMap { name, type in
            columns.first { $0.name == name }.flatMap { Retyped($0, before: type) }
        }
        .filter { !$0.keepsOrder }
    }

    /// For a person.
    var remarks: [String] {
        var remarks: [String] = []
        if !added.isEmpty { remarks.append("new in the source since the last run: \(list(added.map(\.name)))") }
        if !dropped.isEmpty {
            remarks.append("no longer in the source since the last run: \(list(dropped.map(\.name)))")
        }
        return remarks
            + retyped.map { change in
                "the column \"\(change.column.name)\" is \(change.column.sqlType) now, and was \(change.before) at the last run"
            }
    }

    /// - Throws: a preflight error where values of the order are of another type than those in the position, or are no more.
    func refuseOrder(of source: PostgresSource) throws {
        if let dropped = dropped.first(where: { source.orderColumns.contains($0.name) }) {
            throw missing([dropped.name], cause: nil)
        }
        guard let change = disordered.first else { return }
        let setting = change.column.name == source.cursor ? "cursor" : "key"
        throw RollcallError(
            .preflight,
            """
            the `\(setting)` column "\(change.column.name)" is \(change.column.sqlType) now, and was \(change.before) at the last \
            run: its checkpoint is no place among these values
            """,
            hint: "`rollcall checkpoint reset` begins at the beginning; only what differs is sent"
        )
    }

    /// What is chosen of the columns.
    ///
    /// - Throws: what `choose` throws; a preflight error where it would not have done so with the columns of the last run.
    func choosing(_ choose: (Schema) throws -> Set<String>) throws -> Set<String> {
        do {
            return try choose(try Schema(columns))
        } catch {
            let before = try Schema(columns).columns + dropped.map { Schema.Column($0.name) }
            let wanted = (try? choose(Schema(before))) ?? []
            let used = dropped.map(\.name).filter(wanted.contains)
            guard !used.isEmpty else { throw error }
            throw missing(used, cause: error)
        }
    }

    private func missing(_ names: [String], cause: (any Error)?) -> RollcallError {
        RollcallError(
            .preflight,
            "the source has no \(list(names)) any more, which was there at the last run and which the pipeline uses",
            hint: "restore it, or change the pipeline",
            cause: cause
        )
    }

    private func list(_ names: [String]) -> String {
        "\(names.count == 1 ? "column" : "columns") \(names.map { "\"\($0)\"" }.joined(separator: ", "))"
    }
}

extension SchemaDrift.Retyped {
    /// Types whose values are written alike and have one order.
    private static let families: [Set<String>] = [["smallint", "integer", "bigint"], ["text", "character varying"]]

    /// Nil where the type is the same, or that of before is not known.
    fileprivate init?(_ column: SourceColumn, before: String?) {
        guard let before, before != column.sqlType else { return nil }
        self.column = column
        self.before = before
    }

    fileprivate var keepsOrder: Bool {
        Self.families.contains { $0.contains(column.sqlType) && $0.contains(before) }
    }
}
