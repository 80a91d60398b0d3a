internal import PostgresClient
internal import RollcallCore

extension PostgresError {
    /// An error from before the first row, with what to do about it.
    func preflightError(reading relation: PostgresSource.Relation) -> RollcallError {
        RollcallError(
            kind == .connection ? .fatal : .preflight,
            "\(self)",
            hint: hint == nil ? wayOut(relation) : nil,
            cause: self
        )
    }

    /// An error in the middle of reading; what was settled before is kept.
    var readingError: RollcallError {
        let hint = isConnectionGone ? "the next run goes on from the checkpoint" : nil
        return RollcallError(.fatal, "reading failed: \(self)", hint: self.hint == nil ? hint : nil, cause: self)
    }

    private func wayOut(_ relation: PostgresSource.Relation) -> String? {
        switch (sqlState, relation) {
        case (.undefinedTable?, .table(let name)):
            return "`table: \(name)` does not exist in this database; write its schema too, as in `crm.leads`"
        case (.undefinedTable?, .query), (.undefinedColumn?, .query), (.syntaxError?, .query):
            return "try the query in psql with the same user"
        case (.insufficientPrivilege?, .table(let name)):
            return "let the role read it: GRANT SELECT ON \(name) TO its name (and GRANT USAGE on the schema)"
        case (.insufficientPrivilege?, .query):
            return "let the role read every table of the query: GRANT SELECT ON … TO its name"
        default:
            return kind == .connection ? "check `url`, and that the database can be reached from here" : nil
        }
    }
}
