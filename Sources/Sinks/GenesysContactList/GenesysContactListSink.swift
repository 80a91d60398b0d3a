internal import GenesysCloud
public import RollcallCore

/// Keeps the contacts of a Genesys Cloud outbound contact list equal to the rows it is given.
///
/// Each row becomes a contact with an id made from its key and is upserted by that id with `doNotQueue`, so a repeat changes
/// nothing and calls nobody again. Attempts, callable flags and results of calls are never touched.
public struct GenesysContactListSink: Sink {
    enum Setting {
        static let region = Field<String?>(
            "region",
            environment: "GENESYSCLOUD_REGION",
            example: "eu-west-1",
            doc: "The region of the organisation, by its AWS name or its domain (`mypurecloud.ie`)."
        )
        static let baseURL = Field<String?>(
            "base_url",
            example: "http://127.0.0.1:8089",
            doc:
                "In place of `region`: the address of the simulator or of a private gateway, for the API and its tokens.",
            check: { ($0 ?? "http://").hasPrefix("http") ? nil : "must begin with http:// or https://" }
        )
        static let clientID = Field<String>(
            "client_id",
            environment: "GENESYSCLOUD_OAUTHCLIENT_ID",
            example: "${GENESYSCLOUD_OAUTHCLIENT_ID}",
            doc: "Id of an OAuth client with the grant type Client Credentials."
        )
        static let clientSecret = Field<Secret>(
            "client_secret",
            environment: "GENESYSCLOUD_OAUTHCLIENT_SECRET",
            example: "${GENESYSCLOUD_OAUTHCLIENT_SECRET}",
            doc: "Secret of the OAuth client."
        )
        static let list = Field<String>(
            "list",
            example: "CRM leads",
            doc: "Name of the contact list, letter by letter. It is made with the pipeline's columns if there is none.",
            check: { $0.isEmpty ? "must not be empty" : nil }
        )
        static let division = Field<String?>(
            "division_id",
            example: "6b4d5f3e-0000-0000-0000-000000000000",
            doc: "The division for a list that has to be made. Left out, it goes to the home division."
        )
        static let key = Field<String>(
            "key",
            example: "LeadId",
            doc: """
                The column that identifies a contact; its value becomes the contact's id (encoded where it is not 1 to 64 \
                letters, digits, `.` or `-`). Keep it: another key makes other contacts.
                """
        )
        static let phoneColumns = Field<NamedValues<String>?>(
            "phone_columns",
            example: "{ Phone: cell }",
            doc: "Columns with phone numbers, each with its type (`cell`, `home`, `work`, …). This or `email_columns`."
        )
        static let emailColumns = Field<NamedValues<String>?>(
            "email_columns",
            example: "{ Email: personal }",
            doc: "Columns with e-mail addresses, each with its type. This or `phone_columns`."
        )
        static let rowsPerRequest = Field<Int>(
            "rows_per_request",
            default: 1000,
            doc: "Contacts in one request; Genesys takes 1,000 at most.",
            check: { (1...1000).contains($0) ? nil : "must be from 1 to 1000" }
        )
        static let requestsInFlight = Field<Int>(
            "requests_in_flight",
            default: 4,
            doc: "Requests that may be under way or not yet recorded; a crash repeats at most as many.",
            check: { (2...16).contains($0) ? nil : "must be from 2 to 16" }
        )
        static let timeout = Field<Int>(
            "request_timeout_seconds",
            default: 60,
            doc: "How long one request may take before it is given up and repeated.",
            check: { (1...600).contains($0) ? nil : "must be from 1 to 600" }
        )
    }

    public static let spec = ComponentSpec(
        .sink,
        "genesys_contact_list",
        summary: "Upserts contacts into a Genesys Cloud outbound contact list.",
        fields: [
            Setting.region.spec, Setting.baseURL.spec, Setting.clientID.spec, Setting.clientSecret.spec,
            Setting.list.spec, Setting.division.spec, Setting.key.spec, Setting.phoneColumns.spec,
            Setting.emailColumns.spec, Setting.rowsPerRequest.spec, Setting.requestsInFlight.spec, Setting.timeout.spec,
        ],
        example: """
            sink:
              type: genesys_contact_list
              region: eu-west-1
              client_id: ${GENESYSCLOUD_OAUTHCLIENT_ID}
              client_secret: ${GENESYSCLOUD_OAUTHCLIENT_SECRET}
              list: CRM leads
              key: LeadId
              phone_columns: { Phone: cell }
            """
    )

    public static let removals: Set<Removal> = [.uncallable, .delete]

    private let settings: Settings
    private let configuration: GenesysConfiguration
    private let requirements: ListRequirements
    private let rowsPerRequest: Int
    private let requestsInFlight: Int

    public init(_ settings: Settings) throws {
        self.settings = settings
        configuration = GenesysConfiguration(
            endpoint: try Self.endpoint(settings),
            credentials: GenesysCredentials(
                clientID: try settings[Setting.clientID],
                clientSecret: try settings[Setting.clientSecret].reveal()
            ),
            requestTimeout: .seconds(try settings[Setting.timeout]),
            userAgent: "Rollcall"
        )
        requirements = ListRequirements(
            name: try settings[Setting.list],
            key: try settings[Setting.key],
            phoneColumns: try Self.columns(settings[Setting.phoneColumns]),
            emailColumns: try Self.columns(settings[Setting.emailColumns]),
            division: try settings[Setting.division]
        )
        rowsPerRequest = try settings[Setting.rowsPerRequest]
        requestsInFlight = try settings[Setting.requestsInFlight]
        guard !requirements.phoneColumns.isEmpty || !requirements.emailColumns.isEmpty else {
            throw RollcallError(
                .configuration,
                "neither `phone_columns` nor `email_columns` is given",
                hint: "a contact list needs at least one: add `phone_columns: { Phone: cell }`",
                at: settings.location
            )
        }
    }

    public func check(_ schema: Schema?) throws {
        guard let schema else { return }
        let problems = requirements.problems(with: schema).map { fault in
            switch fault.part {
            case .key: settings.problem(Setting.key, fault.message, hint: fault.hint)
            case .phoneColumns: settings.problem(Setting.phoneColumns, fault.message, hint: fault.hint)
            case .emailColumns: settings.problem(Setting.emailColumns, fault.message, hint: fault.hint)
            case .columns: Problem(fault.message, hint: fault.hint, of: settings.component, at: settings.location)
            }
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }

    public func refusals(of batch: Batch) throws -> [RowFault] {
        try ContactEncoder(schema: batch.schema, key: requirements.key, listID: "").contacts(of: batch).invalid
    }

    public func inspect(_ schema: Schema, report: @escaping @Sendable (SinkNotice) -> Void) async throws {
        let client = try client(report)
        do {
            try await requirements.inspect(schema, client, report)
        } catch let error as GenesysError {
            await client.shutdown()
            throw error.preflightError
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func client(_ report: @escaping @Sendable (SinkNotice) -> Void) throws -> GenesysClient {
        try GenesysClient(configuration) { event in
            guard event != .tokenFetched else { return }
            report(SinkNotice("\(event)", isWarning: true))
        }
    }

    public func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        let client = try client(context.report)
        do {
            let list = try await requirements.findOrCreate(schema, client, context)
            return ContactListWriter(
                client: client,
                encoder: try ContactEncoder(schema: schema, key: requirements.key, listID: list.id),
                rowsPerDelivery: rowsPerRequest,
                deliveriesInFlight: requestsInFlight
            )
        } catch let error as GenesysError {
            await client.shutdown()
            throw error.preflightError
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private static func endpoint(_ settings: Settings) throws -> GenesysEndpoint {
        if let url = try settings[Setting.baseURL] { return GenesysEndpoint(baseURL: url) }
        guard let region = try settings[Setting.region] else {
            throw RollcallError(
                .configuration,
                "`region` is missing",
                hint: "add `region: eu-west-1`, set GENESYSCLOUD_REGION, or name the simulator with `base_url:`",
                at: settings.location
            )
        }
        do {
            return try GenesysRegion(region).endpoint
        } catch let error as GenesysError {
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.region, ": \(error.message)", hint: error.hint)]
            )
        }
    }

    private static func columns(_ named: NamedValues<String>?) -> [ContactColumn] {
        (named?.entries ?? []).map { ContactColumn(columnName: $0.name, type: $0.value) }
    }
}
