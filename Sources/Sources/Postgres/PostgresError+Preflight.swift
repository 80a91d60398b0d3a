internal import PostgresClient
internal import RollcallCore

extension PostgresError {
    /// An error from before the first row, with what to do about it.
    func preflightError(reading relation: PostgresSource.Relation) -> RollcallError {
        RollcallError(
            [.connection, .timeout].contains(kind) && !isAboutTrust ? .fatal : .preflight,
            "\(self)",
            hint: hint == nil ? wayOut(relation) : nil,
            cause: self
        )
    }

    /// An error in the middle of reading; what was settled before is kept.
    var readingError: RollcallError {
        RollcallError(.fatal, "reading failed: \(self)", hint: hint == nil ? wayOn : nil, cause: self)
    }

    private var wayOn: String? {
        // A reading transaction changes nothing, so that nothing else can stand in its way.
        if sqlState == .serializationFailure {
            return """
                a standby ends readings that keep it from replaying its primary's changes: set `hot_standby_feedback = on` \
                there, or a longer `max_standby_streaming_delay`; the next run goes on from the checkpoint
                """
        }
        if isOutOfPatience { return Self.patience }
        return isConnectionGone ? "the next run goes on from the checkpoint" : nil
    }

    /// Whether it was us who waited long enough.
    private var isOutOfPatience: Bool { kind == .timeout && sqlState == nil }

    private static let patience =
        "`read_timeout` says how long to wait: give it more, or make an index for the order of cursor and key"

    /// Whether client and server could not agree on encryption or certificates, which no second attempt mends.
    private var isAboutTrust: Bool {
        let signs = ["does not support SSL", "certificate", "private key", "sslmode", "pg_hba.conf"]
        return kind == .connection && sqlState == nil && signs.contains { message.contains($0) }
    }

    private func wayOut(_ relation: PostgresSource.Relation) -> String? {
        if isAboutTrust {
            return """
                see `sslmode`, `sslrootcert`, `sslcert` and `sslkey` of the `url`: the server must offer what they ask for, and the \
                other way round
                """
        }
        if isOutOfPatience { return Self.patience }
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
