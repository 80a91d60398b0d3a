/// What the service demands of a contact list.
///
/// Where its documentation names no code for a fault, the generic `constraint.validation` is used.
enum ContactListRules {
    static let columnLimit = 50
    static let columnNameLimit = 128
    static let nameLimit = 64
    /// Lists in one organization.
    static let listLimit = 1_000

    /// Columns of exports that the service fills; some of them once for each phone column.
    private static let systemColumns: Set<String> = [
        "inin-outbound-id", "ContactCallable", "ContactableByVoice", "ContactableBySms", "ContactableByEmail",
        "ZipCodeAutomaticTimeZone",
    ]
    private static let systemPrefixes = [
        "CallRecordLastAttempt-", "CallRecordLastResult-", "CallRecordLastAgentWrapup-", "SmsLastAttempt-",
        "SmsLastResult-", "Callable-", "ContactableByVoice-", "ContactableBySms-", "AutomaticTimeZone-",
    ]

    static func checkName(_ list: ContactListBody) throws {
        guard let name = list.name, !name.allSatisfy(\.isWhitespace) else {
            throw APIError.badRequest("name.cannot.be.blank", "A name must be provided.")
        }
        guard name.count <= nameLimit else {
            throw APIError.badRequest(
                "name.length.exceeded",
                "The name length exceeds the limit of \(nameLimit) characters."
            )
        }
    }

    /// Checks the parts of a list that are settled at its creation.
    static func checkColumns(_ list: ContactListBody) throws {
        let columns = list.columnNames ?? []
        try checkNames(columns)
        let phoneColumns = list.phoneColumns ?? []
        let messageColumns = (list.emailColumns ?? []) + (list.whatsAppColumns ?? [])
        guard !phoneColumns.isEmpty || !messageColumns.isEmpty else {
            throw APIError.badRequest("no.phone.columns", "There are no phone, email or WhatsApp columns.")
        }
        try checkPhoneColumns(phoneColumns, among: columns)
        guard messageColumns.allSatisfy({ columns.contains($0.columnName ?? "") && $0.type != nil }) else {
            throw APIError.badRequest(
                "constraint.validation",
                "Email and WhatsApp columns need a type and must be columns of the contact list."
            )
        }
        let typed = (list.columnDataTypeSpecifications ?? []).map { $0.columnName ?? "" }
        guard typed.allSatisfy(columns.contains) else {
            throw APIError.badRequest(
                "constraint.validation",
                "Column data type specifications must name columns of the contact list."
            )
        }
        try checkTimeZones(list, phoneColumns: phoneColumns, columns: columns)
    }

    private static func checkNames(_ columns: [String]) throws {
        guard !columns.isEmpty else {
            throw APIError.badRequest("no.contact.columns.defined", "There are no contact columns defined.")
        }
        guard columns.count <= columnLimit else {
            throw APIError.badRequest(
                "contact.columns.limit.exceeded",
                "Number of contact columns must not exceed the limit.",
                limit: APIError.Limit(key: "contact.columns.max", namespace: "outbound", value: columnLimit)
            )
        }
        guard Set(columns).count == columns.count else {
            throw APIError.badRequest("not.unique.contact.columns", "Contact Columns contains duplicate values.")
        }
        guard columns.allSatisfy({ (1...columnNameLimit).contains($0.count) }) else {
            throw APIError.badRequest(
                "constraint.validation",
                "Contact column names must have 1 to \(columnNameLimit) characters."
            )
        }
    }

    private static func checkPhoneColumns(
        _ phoneColumns: [ContactListBody.PhoneColumn],
        among columns: [String]
    ) throws {
        let names = phoneColumns.map { $0.columnName ?? "" }
        guard phoneColumns.allSatisfy({ $0.columnName?.isEmpty == false && $0.type?.isEmpty == false }) else {
            throw APIError.badRequest("invalid.contact.phone.column", "The contact phone columns are invalid.")
        }
        guard Set(names).count == names.count else {
            throw APIError.badRequest("not.unique.phone.columns", "Phone Number Columns contain duplicate values.")
        }
        guard !names.contains(where: isSystemColumn) else {
            throw APIError.badRequest(
                "system.column.phone.column",
                "ContactList Phone column cannot be a system defined column name."
            )
        }
        guard names.allSatisfy(columns.contains) else {
            throw APIError.badRequest(
                "contact.columns.do.not.contain.phone.number.column",
                "The contact columns do not contain a phone number column."
            )
        }
        guard phoneColumns.compactMap(\.callableTimeColumn).allSatisfy(columns.contains) else {
            throw APIError.badRequest("invalid.contact.phone.column", "The contact phone columns are invalid.")
        }
    }

    private static func checkTimeZones(
        _ list: ContactListBody,
        phoneColumns: [ContactListBody.PhoneColumn],
        columns: [String]
    ) throws {
        if list.automaticTimeZoneMapping == true {
            guard phoneColumns.allSatisfy({ $0.callableTimeColumn == nil }) else {
                throw APIError.badRequest(
                    "cannot.have.callable.time.column.with.automatic.time.zone.mapping",
                    "The phone columns cannot reference callable time columns when automatic time zone mapping is "
                        + "being used"
                )
            }
        }
        guard let zip = list.zipCodeColumnName else { return }
        guard list.automaticTimeZoneMapping == true else {
            throw APIError.badRequest(
                "cannot.have.zip.code.column.without.automatic.time.zone.mapping",
                "The zip code column can only be used when automatic time zone mapping is also being used"
            )
        }
        guard columns.contains(zip), !phoneColumns.contains(where: { $0.columnName == zip }) else {
            throw APIError.badRequest(
                "invalid.zip.code.column",
                "The zip code column must be a column of the contact list and cannot be a phone column"
            )
        }
    }

    /// Checks that an update leaves alone what was settled at the creation of the list.
    static func checkUpdate(of old: ContactListBody, to new: ContactListBody) throws {
        guard new.columnNames == old.columnNames else {
            throw APIError.badRequest(
                "cannot.update.contact.column.names",
                "The contact column names can not be updated."
            )
        }
        guard (new.phoneColumns ?? []) == (old.phoneColumns ?? []) else {
            throw APIError.badRequest(
                "cannot.update.phone.columns",
                "An attempt was made to update a ContactList in an invalid way. Details: Phone number columns are "
                    + "different"
            )
        }
        guard
            (new.automaticTimeZoneMapping ?? false) == (old.automaticTimeZoneMapping ?? false),
            new.zipCodeColumnName == old.zipCodeColumnName
        else {
            throw APIError.badRequest(
                "cannot.edit.automatic.time.zone.mapping.settings",
                "Automatic time zone mapping and the zip code column cannot be changed after contact list creation"
            )
        }
        guard
            (new.emailColumns ?? []) == (old.emailColumns ?? []),
            (new.whatsAppColumns ?? []) == (old.whatsAppColumns ?? []),
            (new.columnDataTypeSpecifications ?? []) == (old.columnDataTypeSpecifications ?? [])
        else {
            throw APIError.badRequest(
                "invalid.update",
                "An attempt was made to update a ContactList in an invalid way. Details: Email columns, WhatsApp "
                    + "columns or column data types are different"
            )
        }
    }

    private static func isSystemColumn(_ name: String) -> Bool {
        systemColumns.contains(name) || systemPrefixes.contains(where: name.hasPrefix)
    }
}
