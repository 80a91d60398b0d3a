import Foundation

/// The service's `ContactList`, as clients send and receive it.
///
/// Every field may be missing.
struct ContactListBody: Codable, Sendable {
    /// An object of another service, by its id.
    struct Reference: Codable, Sendable, Equatable {
        var id: String?
        var name: String?
        var selfUri: String?
    }

    struct PhoneColumn: Codable, Sendable, Equatable {
        var columnName: String?
        var type: String?
        var callableTimeColumnName: String?
        var callableTimeColumn: String?
    }

    /// A column with an e-mail address or a WhatsApp number.
    struct MessageColumn: Codable, Sendable, Equatable {
        var columnName: String?
        var type: String?
        var contactableTimeColumnName: String?
        var contactableTimeColumn: String?
    }

    struct ColumnDataType: Codable, Sendable, Equatable {
        var columnName: String?
        var columnDataType: String?
        var min: Int?
        var max: Int?
        var maxLength: Int?
    }

    var id: String?
    var name: String?
    var dateCreated: Date?
    var dateModified: Date?
    var version: Int?
    var division: Reference?
    var columnNames: [String]?
    var phoneColumns: [PhoneColumn]?
    var emailColumns: [MessageColumn]?
    var whatsAppColumns: [MessageColumn]?
    var columnDataTypeSpecifications: [ColumnDataType]?
    var previewModeColumnName: String?
    var previewModeAcceptedValues: [String]?
    var attemptLimits: Reference?
    var automaticTimeZoneMapping: Bool?
    var zipCodeColumnName: String?
    var trimWhitespace: Bool?
    var retentionType: String?
    var retentionDays: Int?
    var dateExpiration: Date?
    var timeZone: String?
    /// Filled in on request only.
    var size: Int?
    var selfUri: String?
}
