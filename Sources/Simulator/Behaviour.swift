/// What the simulator does where the service's documentation leaves it open.
///
/// As JSON, at `/simulator/behaviour`: keys in snake_case, an absent key means the default, an unknown one is refused.
public struct Behaviour: Sendable, Equatable, Codable {
    /// What becomes of a contact POST that has a bad row.
    public enum BadRows: String, Sendable, Codable {
        /// Nothing is stored and the code of the first bad row is answered.
        case refuseRequest = "refuse_request"
        /// The good rows are stored; the bad ones are missing from the answer, which does not mention them.
        case skipRow = "skip_row"
    }

    /// What becomes of a row that lacks columns of the list.
    public enum MissingColumns: String, Sendable, Codable {
        /// The row is bad.
        case refuse
        /// The stored contact keeps the values it has; a new one has no such values.
        case keep
    }

    /// What becomes of a request that has an id twice.
    public enum DuplicateIDs: String, Sendable, Codable {
        case lastWins = "last_wins"
        case refuse
    }

    /// The order and completeness of the answer to a contact POST.
    public enum ResponseOrder: String, Sendable, Codable {
        case same
        case shuffled
        /// The last contact is stored, but not answered.
        case short
    }

    /// The status of a refused token request.
    public enum TokenErrorStatus: Int, Sendable, Codable {
        case badRequest = 400
        case unauthorized = 401
    }

    /// The status of a deletion of several contacts.
    public enum DeleteManyStatus: Int, Sendable, Codable {
        case ok = 200
        case noContent = 204
    }

    public var badRows = BadRows.refuseRequest
    public var missingColumns = MissingColumns.refuse
    public var duplicateIDs = DuplicateIDs.lastWins
    public var responseOrder = ResponseOrder.same
    public var tokenErrorStatus = TokenErrorStatus.unauthorized
    public var deleteManyStatus = DeleteManyStatus.ok
    /// Seconds before a read sees a write to a contact, or a new list.
    public var readDelaySeconds = 0.0
    /// Ids of contacts that a campaign holds, in whichever list; they cannot be deleted.
    public var contactsInUse: Set<String> = []
    /// Seconds that an export takes; it holds what is stored when it becomes ready.
    public var exportDelaySeconds = 0.0
    /// Whether an earlier export of the list is answered until the new one is ready; otherwise there is none until then.
    public var exportServesStale = true
    /// Whether an export begins with a byte order mark and has doubled quotes around `inin-outbound-id`.
    public var exportHeaderDefect = true
    /// Seconds that a bulk job takes; the contacts change at its end.
    public var jobSeconds = 0.0
    /// Rows that count as bad whatever else they hold.
    public var poisons: [Poison] = []

    public init() {}

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = Self()
        badRows = try values.decodeIfPresent(BadRows.self, forKey: .badRows) ?? defaults.badRows
        missingColumns =
            try values.decodeIfPresent(MissingColumns.self, forKey: .missingColumns) ?? defaults.missingColumns
        duplicateIDs = try values.decodeIfPresent(DuplicateIDs.self, forKey: .duplicateIDs) ?? defaults.duplicateIDs
        responseOrder =
            try values.decodeIfPresent(ResponseOrder.self, forKey: .responseOrder) ?? defaults.responseOrder
        tokenErrorStatus =
            try values.decodeIfPresent(TokenErrorStatus.self, forKey: .tokenErrorStatus) ?? defaults.tokenErrorStatus
        deleteManyStatus =
            try values.decodeIfPresent(DeleteManyStatus.self, forKey: .deleteManyStatus) ?? defaults.deleteManyStatus
        readDelaySeconds =
            try values.decodeIfPresent(Double.self, forKey: .readDelaySeconds) ?? defaults.readDelaySeconds
        contactsInUse = try values.decodeIfPresent(Set<String>.self, forKey: .contactsInUse) ?? defaults.contactsInUse
        exportDelaySeconds =
            try values.decodeIfPresent(Double.self, forKey: .exportDelaySeconds) ?? defaults.exportDelaySeconds
        exportServesStale =
            try values.decodeIfPresent(Bool.self, forKey: .exportServesStale) ?? defaults.exportServesStale
        exportHeaderDefect =
            try values.decodeIfPresent(Bool.self, forKey: .exportHeaderDefect) ?? defaults.exportHeaderDefect
        jobSeconds = try values.decodeIfPresent(Double.self, forKey: .jobSeconds) ?? defaults.jobSeconds
        poisons = try values.decodeIfPresent([Poison].self, forKey: .poisons) ?? defaults.poisons
        let delays: [(CodingKeys, Double)] = [
            (.readDelaySeconds, readDelaySeconds), (.exportDelaySeconds, exportDelaySeconds), (.jobSeconds, jobSeconds),
        ]
        let longestDelay = 3_600.0
        for (key, delay) in delays where !(0...longestDelay).contains(delay) {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: values,
                debugDescription: "must be from 0 to \(longestDelay), got \(delay)"
            )
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case badRows = "bad_rows"
        case missingColumns = "missing_columns"
        case duplicateIDs = "duplicate_ids"
        case responseOrder = "response_order"
        case tokenErrorStatus = "token_error_status"
        case deleteManyStatus = "delete_many_status"
        case readDelaySeconds = "read_delay_seconds"
        case contactsInUse = "contacts_in_use"
        case exportDelaySeconds = "export_delay_seconds"
        case exportServesStale = "export_serves_stale"
        case exportHeaderDefect = "export_header_defect"
        case jobSeconds = "job_seconds"
        case poisons
    }
}

/// A value that makes a row bad, so that a client's search for the bad rows of a refused batch can be tested.
public struct Poison: Sendable, Equatable, Codable {
    public var column: String
    public var value: String
    /// The code of the 400 that answers a request with such a row.
    public var code: String

    public init(column: String, value: String, code: String = "invalid.contact.columns") {
        self.column = column
        self.value = value
        self.code = code
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            column: try values.decode(String.self, forKey: .column),
            value: try values.decode(String.self, forKey: .value)
        )
        code = try values.decodeIfPresent(String.self, forKey: .code) ?? code
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case column
        case value
        case code
    }
}
