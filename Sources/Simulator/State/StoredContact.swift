import Foundation

/// A contact of a list.
struct StoredContact: Sendable {
    /// What a client can set besides the values, and the dialler changes.
    struct Status: Sendable, Equatable {
        var callable = true
        /// By phone column; a column left out is callable.
        var phoneNumbers: [String: Bool] = [:]
        /// By `Voice`, `Sms` and `Email`.
        var contactable: [String: ContactableStatus] = [:]
    }

    var row: ContactRow
    var status = Status()
    /// By phone column.
    var callRecords: [String: SimulatedContact.CallRecord] = [:]
    /// The place in the dial queue, the lower the sooner; nil once it was dialled.
    var queuePosition: Int?
    var dialCount = 0
    let dateCreated: Date
}

/// Whether a contact may be reached by one medium.
struct ContactableStatus: Sendable, Equatable {
    var contactable: Bool?
    /// By column.
    var columns: [String: Bool] = [:]
}

/// A contact as a client sent it, not yet checked.
struct IncomingContact: Sendable {
    /// Nil if the client leaves the id to the service.
    var id: String?
    var row: ContactRow
    var callable: Bool?
    var phoneNumbers: [String: Bool]?
    var contactable: [String: ContactableStatus]?
    /// A column that the list does not have.
    var unknownColumn: String?
    /// The first column of the list that has no value.
    var missingColumn: String?
    /// A column whose value is too long; it is absent from the row.
    var overlongColumn: String?
}

extension IncomingContact {
    /// A contact of which only some columns are given.
    init(_ data: [String: String], columns: [String], callable: Bool? = nil) {
        let overlong = data.first { $1.unicodeScalars.count > ContactReader.valueLimit }?.key
        row = ContactRow(columns.map { $0 == overlong ? nil : data[$0].map { Array($0.utf8)[...] } })
        self.callable = callable
        unknownColumn = data.keys.first { !columns.contains($0) }
        missingColumn = columns.first { data[$0] == nil }
        overlongColumn = overlong
    }
}
