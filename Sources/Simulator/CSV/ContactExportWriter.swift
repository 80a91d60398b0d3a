import Foundation

/// Writes contacts of one list as the CSV of an export: the id, the list's columns, and the columns that the service adds.
///
/// How the service writes flags and dates is not documented; here they are `1` and `0`, and ISO 8601.
struct ContactExportWriter {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What was written since the last `take`.
    private var text: [UInt8] = []
    private let columns: [String]
    private let phoneColumns: [String]

    init(list: ContactListBody) {
        columns = list.columnNames ?? []
        phoneColumns = (list.phoneColumns ?? []).compactMap(\.columnName)
    }

    /// Returns what was written and forgets it.
    mutating func take() -> [UInt8] {
        let taken = text
        text = []
        return taken
    }

    /// Writes the names of the columns; `isDefective` as the service does it, see `Behaviour.exportHeaderDefect`.
    mutating func writeHeader(isDefective: Bool) {
        if isDefective { text.append(contentsOf: Self.byteOrderMark) }
        write(isDefective ? "\"\"\"inin-outbound-id\"\"\"" : "inin-outbound-id", isFirst: true)
        for column in columns { writeField(Array(column.utf8)[...]) }
        for column in ["ContactCallable", "ContactableByVoice", "ContactableBySms", "ContactableByEmail"] {
            write(column)
        }
        write("ZipCodeAutomaticTimeZone")
        for column in phoneColumns {
            for prefix in [
                "CallRecordLastAttempt", "CallRecordLastResult", "CallRecordLastAgentWrapup", "SmsLastAttempt",
                "SmsLastResult", "Callable", "ContactableByVoice", "ContactableBySms", "AutomaticTimeZone",
            ] {
                writeField(Array("\(prefix)-\(column)".utf8)[...])
            }
        }
        text.write("\r\n")
    }

    /// Writes the row of one contact.
    mutating func write(_ id: String, _ contact: StoredContact) {
        writeField(Array(id.utf8)[...], isFirst: true)
        contact.row.forEachText { writeField($0 ?? []) }
        let status = contact.status
        write(flag: status.callable)
        for medium in ["Voice", "Sms", "Email"] { write(flag: status.contactable[medium]?.contactable ?? true) }
        write("")
        for column in phoneColumns {
            let record = contact.callRecords[column]
            write(record.map { GenesysJSON.text(of: $0.lastAttempt) } ?? "")
            writeField(Array((record?.lastResult ?? "").utf8)[...])
            for _ in ["CallRecordLastAgentWrapup", "SmsLastAttempt", "SmsLastResult"] { write("") }
            write(flag: status.phoneNumbers[column] ?? true)
            for medium in ["Voice", "Sms"] { write(flag: status.contactable[medium]?.columns[column] ?? true) }
            write("")
        }
        text.write("\r\n")
    }

    private mutating func write(flag: Bool) {
        write(flag ? "1" : "0")
    }

    /// Writes a field that needs no quotes, or has them.
    private mutating func write(_ field: String, isFirst: Bool = false) {
        if !isFirst { text.write(",") }
        text.write(field)
    }

    /// Writes a field of any text.
    private mutating func writeField(_ field: ArraySlice<UInt8>, isFirst: Bool = false) {
        let quote = UInt8(ascii: "\"")
        if !isFirst { text.write(",") }
        let mustBeQuoted = field.contains { [quote, UInt8(ascii: ","), 0x0A, 0x0D].contains($0) }
        guard mustBeQuoted else {
            text.append(contentsOf: field)
            return
        }
        text.append(quote)
        for byte in field {
            if byte == quote { text.append(quote) }
            text.append(byte)
        }
        text.append(quote)
    }
}
