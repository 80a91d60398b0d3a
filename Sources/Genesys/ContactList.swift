/// A contact list as the API describes it; fields that are not needed here are left out.
public struct ContactList: Sendable, Equatable, Decodable {
    public let id: String
    public let name: String
    /// In the order of the list.
    public let columnNames: [String]
    public let phoneColumns: [ContactColumn]
    public let emailColumns: [ContactColumn]
    public let division: Division?
    /// For the time zone of a contact by its postal code, see `zipCodeColumnName`.
    public let automaticTimeZoneMapping: Bool
    public let zipCodeColumnName: String?

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = try fields.decode(String.self, forKey: .name)
        columnNames = try fields.decodeIfPresent([String].self, forKey: .columnNames) ?? []
        phoneColumns = try fields.decodeIfPresent([ContactColumn].self, forKey: .phoneColumns) ?? []
        emailColumns = try fields.decodeIfPresent([ContactColumn].self, forKey: .emailColumns) ?? []
        division = try fields.decodeIfPresent(Division.self, forKey: .division)
        automaticTimeZoneMapping = try fields.decodeIfPresent(Bool.self, forKey: .automaticTimeZoneMapping) ?? false
        zipCodeColumnName = try fields.decodeIfPresent(String.self, forKey: .zipCodeColumnName)
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case columnNames
        case phoneColumns
        case emailColumns
        case division
        case automaticTimeZoneMapping
        case zipCodeColumnName
    }
}

/// A column of a contact list that holds a phone number or an e-mail address.
public struct ContactColumn: Sendable, Equatable, Codable {
    public let columnName: String
    /// Free text such as `cell` or `home`.
    public let type: String

    public init(columnName: String, type: String) {
        self.columnName = columnName
        self.type = type
    }
}

/// A division of the organisation.
public struct Division: Sendable, Equatable, Codable {
    public let id: String
    public let name: String?

    public init(id: String, name: String? = nil) {
        self.id = id
        self.name = name
    }
}

/// A contact list to be made, whose columns cannot be changed later.
public struct NewContactList: Sendable, Equatable {
    public var name: String
    public var columnNames: [String]
    /// The service wants at least one phone or e-mail column.
    public var phoneColumns: [ContactColumn]
    public var emailColumns: [ContactColumn]
    /// Left out, the list goes to the home division.
    public var divisionID: String?

    public init(
        name: String,
        columnNames: [String],
        phoneColumns: [ContactColumn] = [],
        emailColumns: [ContactColumn] = [],
        divisionID: String? = nil
    ) {
        self.name = name
        self.columnNames = columnNames
        self.phoneColumns = phoneColumns
        self.emailColumns = emailColumns
        self.divisionID = divisionID
    }
}

extension NewContactList: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(columnNames, forKey: .columnNames)
        if !phoneColumns.isEmpty {
            try fields.encode(phoneColumns, forKey: .phoneColumns)
        }
        if !emailColumns.isEmpty {
            try fields.encode(emailColumns, forKey: .emailColumns)
        }
        try fields.encodeIfPresent(divisionID.map { Division(id: $0) }, forKey: .division)
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case columnNames
        case phoneColumns
        case emailColumns
        case division
    }
}
