import Foundation

/// What the service demands of a contact.
///
/// Where its documentation names no code for a fault, a generic one is used.
struct ContactRules {
    private static let idLimit = 64

    let list: ContactListBody
    let behaviour: Behaviour

    /// The reason to refuse a contact, if there is one.
    func problem(with contact: IncomingContact) -> APIError? {
        if let id = contact.id, !Self.isValid(id: id) {
            return .badRequest(
                "invalid.contact.id",
                "The custom contactId field is not valid.  It cannot contain special characters."
            )
        }
        if contact.missingColumn != nil && behaviour.missingColumns == .refuse {
            return Self.invalidColumns
        }
        if let problem = Self.problem(withPatch: contact) { return problem }
        if let zip = list.zipCodeColumnName, let value = value(of: zip, in: contact), !Self.isZip(value) {
            return .badRequest(
                "invalid.zip.code.contact.value",
                "One or more of the contact's zip code was invalid. Valid zip codes are 5 or 9 digits."
            )
        }
        for poison in behaviour.poisons where value(of: poison.column, in: contact) == poison.value {
            return .badRequest(poison.code, "The contact is invalid.")
        }
        return nil
    }

    /// The reason to refuse a change of some columns, if there is one.
    static func problem(withPatch contact: IncomingContact) -> APIError? {
        if contact.unknownColumn != nil { return invalidColumns }
        return contact.overlongColumn.map { column in
            .badRequest(
                "invalid.value",
                "The value of [\(column)] exceeds the limit of \(ContactReader.valueLimit) characters."
            )
        }
    }

    private static let invalidColumns = APIError.badRequest(
        "invalid.contact.columns",
        "The contact columns are invalid."
    )

    private func value(of column: String, in contact: IncomingContact) -> String? {
        guard let index = list.columnNames?.firstIndex(of: column) else { return nil }
        return contact.row.values[index]
    }

    /// Letters, digits, dots and hyphens are known to be taken; the service refuses an unpublished set of others.
    static func isValid(id: String) -> Bool {
        id.utf8.count <= idLimit
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func isZip(_ value: String) -> Bool {
        let digits = value.filter(\.isWholeNumber)
        return value.isEmpty || [5, 9].contains(digits.count) && value.allSatisfy { $0.isWholeNumber || $0 == "-" }
    }
}
