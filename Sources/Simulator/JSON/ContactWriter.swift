import Foundation
import NIOCore

/// Writes contacts of one list as the service's `DialerContact`.
struct ContactWriter {
    private(set) var buffer: ByteBuffer
    private let columns: [[UInt8]]
    private let phoneColumns: [String]
    private let listID: String
    /// The last date written and its text: a batch shares its date.
    private var lastDate: (date: Date, text: String)?

    init(list: ContactListBody, id: String, expecting count: Int = 1) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(count * 512)
        columns = (list.columnNames ?? []).map { name in
            var key = ByteBuffer()
            key.writeJSONString(name)
            return Array(key.readableBytesView)
        }
        phoneColumns = (list.phoneColumns ?? []).compactMap(\.columnName)
        listID = id
    }

    /// Writes contacts as an array.
    mutating func writeArray(_ contacts: some Sequence<(id: String, contact: StoredContact)>) {
        buffer.writeStaticString("[")
        var separator: StaticString = ""
        for (id, contact) in contacts {
            buffer.writeStaticString(separator)
            separator = ","
            write(id, contact)
        }
        buffer.writeStaticString("]")
    }

    /// Writes one contact.
    mutating func write(_ id: String, _ contact: StoredContact) {
        buffer.writeString("{\"id\":\"\(id)\",\"contactListId\":\"\(listID)\",\"data\":{")
        var position = 0
        var separator: StaticString = ""
        contact.row.forEachText { text in
            defer { position += 1 }
            guard let text else { return }
            buffer.writeStaticString(separator)
            separator = ","
            buffer.writeBytes(columns[position])
            buffer.writeStaticString(":")
            buffer.writeJSONString(text)
        }
        buffer.writeString("},\"callable\":\(contact.status.callable),\"callRecords\":{")
        writeMembers(contact.callRecords) { writer, record in
            writer.buffer.writeString(
                "{\"lastAttempt\":\"\(GenesysJSON.text(of: record.lastAttempt))\",\"lastResult\":"
            )
            writer.buffer.writeJSONString(record.lastResult)
            writer.buffer.writeStaticString("}")
        }
        buffer.writeStaticString("},\"phoneNumberStatus\":{")
        let phoneNumbers = contact.status.phoneNumbers
        writeFlags(
            phoneColumns.reduce(into: phoneNumbers) { flags, column in flags[column] = flags[column] ?? true },
            named: "callable"
        )
        buffer.writeStaticString("},\"contactableStatus\":{")
        writeMembers(contact.status.contactable) { writer, status in
            writer.buffer.writeStaticString("{")
            if let contactable = status.contactable { writer.buffer.writeString("\"contactable\":\(contactable),") }
            writer.buffer.writeStaticString("\"columnStatus\":{")
            writer.writeFlags(status.columns, named: "contactable")
            writer.buffer.writeStaticString("}}")
        }
        buffer.writeString("},\"dateCreated\":\"\(text(of: contact.dateCreated))\",")
        buffer.writeString("\"selfUri\":\"/api/v2/outbound/contactlists/\(listID)/contacts/\(id)\"}")
    }

    private mutating func writeFlags(_ flags: [String: Bool], named name: String) {
        writeMembers(flags) { writer, flag in writer.buffer.writeString("{\"\(name)\":\(flag)}") }
    }

    private mutating func writeMembers<Value>(
        _ members: [String: Value],
        _ write: (inout ContactWriter, Value) -> Void
    ) {
        var separator: StaticString = ""
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            buffer.writeStaticString(separator)
            separator = ","
            buffer.writeJSONString(key)
            buffer.writeStaticString(":")
            write(&self, value)
        }
    }

    private mutating func text(of date: Date) -> String {
        if let lastDate, lastDate.date == date { return lastDate.text }
        let text = GenesysJSON.text(of: date)
        lastDate = (date, text)
        return text
    }
}
