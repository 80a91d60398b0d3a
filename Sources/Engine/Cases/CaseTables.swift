internal import RollcallCore

/// The rows that a case gives for the tables that steps read: for one table, or a list of such for several.
struct CaseTables: SettingValue {
    typealias Row = NamedValues<CaseValue>

    let tables: [[Row]]

    static let form = SettingForm.either(
        .list(of: .mapping(of: .text)),
        .list(of: .list(of: .mapping(of: .text)))
    )

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> CaseTables {
        if case .sequence(let nodes, _) = node, case .sequence? = nodes.first {
            return CaseTables(tables: try [[Row]].read(node))
        }
        return CaseTables(tables: [try [Row].read(node)])
    }
}

/// Rows of a case in the place of a source.
struct CaseSource: Source {
    static let spec = ComponentSpec(.source, "case", summary: "Rows of a case.", fields: [], example: "")

    let keyColumns: [String]
    let declaredSchema: Schema?
    private let rows: Batch

    init(_ rows: Batch, keyColumns: [String]) {
        self.rows = rows
        self.keyColumns = keyColumns
        declaredSchema = rows.schema
    }

    init(_ settings: Settings) throws {
        throw RollcallError(.configuration, "rows of a case stand in its `tables`", at: settings.location)
    }

    func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        _ = try choose(rows.schema)
        return BatchReader(rows)
    }
}
