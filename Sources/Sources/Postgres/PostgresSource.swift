internal import PostgresClient
public import RollcallCore

/// Reads a table, a view or a query of a Postgres database.
public struct PostgresSource: Source {
    enum Setting {
        static let url = Field<Secret?>(
            "url",
            example: "${CRM_DATABASE_URL}",
            doc: """
                The database as a URL (`postgres://user:password@host:5432/database?sslmode=verify-full`) or in libpq's \
                `key=value` form, with all of libpq's parameters: `sslmode`, `sslrootcert`, `sslcert` and `sslkey` for TLS, `connect_timeout` \
                (10 seconds unless said otherwise), `application_name` (`rollcall`). What is left out comes from libpq's `PG*` \
                variables, `.pgpass` and service file. A pool in between, such as PgBouncer, may give each transaction another \
                connection.
                """
        )
        static let table = Field<String?>(
            "table",
            example: "crm.leads",
            doc: """
                The table or view to read, as SQL writes its name. Either this or `query`. Columns that the pipeline makes nothing \
                of, as behind a `select`, are not read, and the role need not be allowed to.
                """
        )
        static let query = Field<Located<String>?>(
            "query",
            example: "SELECT id, phone FROM crm.leads JOIN crm.consents USING (id)",
            doc: "A SELECT whose rows are read. Either this or `table`. It runs in a read-only transaction."
        )
        static let key = Field<[String]>(
            "key",
            example: "[id]",
            doc: "The column or columns that identify a row; together they must be unique and never NULL.",
            check: { $0.isEmpty ? "must name at least one column" : nil }
        )
        static let cursor = Field<String?>(
            "cursor",
            example: "updated_at",
            doc: """
                A column that grows whenever a row changes. With it a run reads only what changed since the last one; \
                without it every run reads everything. An index on the cursor and the key makes it quick.
                """
        )
        static let lag = Field<DurationSetting?>(
            "lag",
            example: "10m",
            doc: """
                How long after the time in its `cursor` a row may still be committed. The next run starts no later than this \
                long ago. Needed where the role may not see other transactions, on a standby, and where an application's clock \
                sets the cursor; rows that are read again and have not changed are not sent.
                """
        )
        static let ordered = Field<Bool>(
            "ordered",
            default: true,
            doc: """
                Read in the order of cursor and key, so that an interrupted run goes on where it stopped. `false` reads in \
                the order of the disk, about twice as fast for large tables, and an interrupted run begins anew.
                """
        )
        static let partitions = Field<Int>(
            "partitions",
            default: 1,
            shapesRows: false,
            doc: """
                How many parts of a large table are read at once, each over a connection of its own, all in one snapshot. They are \
                ranges of the key's first column, found by a sample; a view or a `query` is run once more to find them, and once \
                for each. Rows come in no order; an interrupted run goes on in each part all the same. Not with a `cursor`.
                """,
            check: { (1...64).contains($0) ? nil : "must be 1 to 64" }
        )
        static let readTimeout = Field<DurationSetting?>(
            "read_timeout",
            example: "10m",
            shapesRows: false,
            doc: """
                How long the server may send nothing while an answer or the next row is due, before the run fails. Give it time to \
                sort: with no fitting index the first row comes late. Left out, Rollcall waits as long as the connection lives; \
                time-outs of the role or database do not apply to what it reads.
                """
        )
    }

    public static let spec = ComponentSpec(
        .source,
        "postgres",
        summary: "Reads a table, a view or a query of a Postgres database in one consistent snapshot.",
        fields: [
            Setting.url.spec, Setting.table.spec, Setting.query.spec, Setting.key.spec, Setting.cursor.spec,
            Setting.lag.spec, Setting.ordered.spec, Setting.partitions.spec, Setting.readTimeout.spec,
        ],
        example: """
            source:
              type: postgres
              url: ${CRM_DATABASE_URL}
              table: crm.leads
              key: [id]
              cursor: updated_at
            """
    )

    /// What is read.
    enum Relation: Sendable {
        case table(String)
        case query(String)
    }

    let relation: Relation
    let cursor: String?
    let isOrdered: Bool
    let lag: DurationSetting?
    let partitions: Int
    /// How much each part is read at once: little enough for memory, and what a delivery takes, so that few batches are cut.
    var rowsPerPiece = 1_000
    private let readTimeout: DurationSetting?
    private let configuration: PostgresConfiguration
    private let key: [String]

    public init(_ settings: Settings) throws {
        switch (try settings[Setting.table], try settings[Setting.query]) {
        case (let table?, nil): relation = .table(table)
        case (nil, let query?): relation = .query(query.value)
        case (nil, nil):
            throw RollcallError(
                .configuration,
                "neither `table` nor `query` is given",
                hint: "add `table: schema.name`, or `query: SELECT …`",
                at: settings.location
            )
        case (.some, .some):
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.query, "cannot stand beside `table`", hint: "keep one of them")]
            )
        }
        key = try settings[Setting.key]
        cursor = try settings[Setting.cursor]
        isOrdered = try settings[Setting.ordered]
        lag = try settings[Setting.lag]
        partitions = try settings[Setting.partitions]
        readTimeout = try settings[Setting.readTimeout]
        if cursor != nil, partitions > 1 {
            throw RollcallError(
                .configuration,
                problems: [
                    settings.problem(
                        Setting.partitions,
                        "cannot stand beside `cursor`",
                        hint: "a cursor is a place in one order of all rows; leave one of the two out"
                    )
                ]
            )
        }
        if lag != nil, cursor == nil {
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.lag, "needs a `cursor`", hint: "leave it out: everything is read")]
            )
        }
        if cursor != nil, !isOrdered {
            throw RollcallError(
                .configuration,
                problems: [
                    settings.problem(
                        Setting.ordered,
                        "must be true with a `cursor`",
                        hint: "a cursor is a place in the order; leave one of the two out"
                    )
                ]
            )
        }
        do {
            configuration = try PostgresConfiguration(try settings[Setting.url]?.reveal() ?? "")
        } catch let error as PostgresError {
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.url, "is no database URL: \(error)")],
                cause: error
            )
        }
    }

    public var keyColumns: [String] { key }

    public var keepsOrder: Bool { isOrdered && partitions == 1 }

    /// The database knows, and is not asked here.
    public var declaredSchema: Schema? { nil }

    public func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        let start = try position.map { try PostgresPosition($0, columns: orderColumns) }
        let connection = try await preflight { () async throws -> PostgresConnection in try await self.connection() }
        do {
            return try await preflight {
                try await OpenRelation.reader(of: self, on: connection, from: start, choosing: choose)
            }
        } catch {
            await connection.endReading()
            throw error
        }
    }

    /// A new connection, in no transaction.
    func connection() async throws -> PostgresConnection {
        try await PostgresConnection.connect(
            configuration,
            answerTimeout: readTimeout.map { .seconds($0.seconds) }
        )
    }

    /// The columns that make the order: the cursor, if there is one, then the key.
    var orderColumns: [String] { [cursor].compactMap { $0 } + key.filter { $0 != cursor } }

    private func preflight<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw error.preflightError(reading: relation)
        }
    }
}
