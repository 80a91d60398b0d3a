import Foundation

/// Writes contacts of one list as JSON.
struct ContactWriter {
    /// What was written so far.
    private(set) var text: [UInt8] = []
    /// The names of the columns, as JSON strings.
    private let columns: [[UInt8]]
    private let phoneColumns: [String]
    /// What is written of a contact with no flag for any phone column, as most are.
    private var plainPhoneNumbers: [UInt8] = []
    private let listID: String
    /// The last date written and its text: a batch shares its date.
    private var lastDate: (date: Date, text: String)?

    init(list: ContactListBody, id: String, expecting count: Int = 1) {
        columns = (list.columnNames ?? []).map { name in
            var key: [UInt8] = []
            key.writeJSONString(name)
            return key
        }
        phoneColumns = (list.phoneColumns ?? []).compactMap(\.columnName)
        listID = id
        writePhoneNumbers([:])
        swap(&plainPhoneNumbers, &text)
        text.reserveCapacity(count * 768)
    }

    /// Writes contacts as an array of the service's `DialerContact`.
    mutating func writeArray(_ contacts: some Sequence<(id: String, contact: StoredContact)>) {
        text.write("[")
        var isFirst = true
        for (id, contact) in contacts {
            if !isFirst { text.write(",") }
            isFirst = false
            write(id, contact)
        }
        text.write("]")
    }

    /// Writes one contact as the service's `DialerContact`.
    mutating func write(_ id: String, _ contact: StoredContact) {
        text.write("{\"id\":\"")
        text.write(id)
        text.write("\",\"contactListId\":\"")
        text.write(listID)
        text.write("\",\"data\":{")
        writeData(contact.row)
        text.write(contact.status.callable ? "},\"callable\":true" : "},\"callable\":false")
        text.write(",\"callRecords\":{")
        writeMembers(contact.callRecords) { writer, record in
            writer.writeCallRecord(record, keys: ("lastAttempt", "lastResult"))
        }
        text.write("},\"phoneNumberStatus\":{")
        if contact.status.phoneNumbers.isEmpty {
            text.append(contentsOf: plainPhoneNumbers)
        } else {
            writePhoneNumbers(contact.status.phoneNumbers)
        }
        text.write("},\"contactableStatus\":{")
        writeMembers(contact.status.contactable) { writer, status in
            writer.text.write("{")
            if let contactable = status.contactable { writer.text.write("\"contactable\":\(contactable),") }
            writer.text.write("\"columnStatus\":{")
            writer.writeMembers(status.columns) { $0.writeFlag($1, named: "contactable") }
            writer.text.write("}}")
        }
        text.write("},\"dateCreated\":\"")
        writeDate(contact.dateCreated)
        text.write("\",\"selfUri\":\"/api/v2/outbound/contactlists/")
        text.write(listID)
        text.write("/contacts/")
        text.write(id)
        text.write("\"}")
    }

    /// Writes one contact as a line of its own, with what `SimulatedContact` has, in snake_case.
    mutating func writeLine(_ id: String, _ contact: StoredContact) {
        text.write("{\"id\":\"")
        text.write(id)
        text.write("\",\"data\":{")
        writeData(contact.row)
        text.write(contact.status.callable ? "},\"callable\":true" : "},\"callable\":false")
        if let position = contact.queuePosition {
            text.write(",\"queue_position\":")
            text.write(position)
        }
        text.write(",\"dial_count\":")
        text.write(contact.dialCount)
        text.write(",\"call_records\":{")
        writeMembers(contact.callRecords) { writer, record in
            writer.writeCallRecord(record, keys: ("last_attempt", "last_result"))
        }
        text.write("}}\n")
    }

    private mutating func writeData(_ row: ContactRow) {
        var column = 0
        var isFirst = true
        row.forEachText { value in
            defer { column += 1 }
            guard let value else { return }
            if !isFirst { text.write(",") }
            isFirst = false
            text.append(contentsOf: columns[column])
            text.write(":")
            text.writeJSONString(value)
        }
    }

    private mutating func writeCallRecord(_ record: SimulatedContact.CallRecord, keys: (String, String)) {
        text.write("{\"\(keys.0)\":\"")
        writeDate(record.lastAttempt)
        text.write("\",\"\(keys.1)\":")
        text.writeJSONString(record.lastResult)
        text.write("}")
    }

    /// Writes every phone column, also those of which nobody said whether they are callable.
    private mutating func writePhoneNumbers(_ flags: [String: Bool]) {
        let all = phoneColumns.reduce(into: flags) { flags, column in flags[column] = flags[column] ?? true }
        writeMembers(all) { $0.writeFlag($1, named: "callable") }
    }

    private mutating func writeFlag(_ flag: Bool, named name: String) {
        text.write("{\"\(name)\":\(flag)}")
    }

    private mutating func writeMembers<Value>(
        _ members: [String: Value],
        _ write: (inout ContactWriter, Value) -> Void
    ) {
        if members.isEmpty { return }
        var isFirst = true
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            if !isFirst { text.write(",") }
            isFirst = false
            text.writeJSONString(key)
            text.write(":")
            write(&self, value)
        }
    }

    private mutating func writeDate(_ date: Date) {
        if lastDate?.date != date { lastDate = (date, GenesysJSON.text(of: date)) }
        text.write(lastDate?.text ?? "")
    }
}
