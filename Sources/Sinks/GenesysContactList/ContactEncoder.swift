internal import RollcallCore

/// Makes the body of a request from rows: a JSON array of `WritableDialerContact`.
///
/// Every column is always there, null as the empty string: Genesys refuses contacts that lack a column of their list.
struct ContactEncoder: Sendable {
    let keyColumn: Int
    private let columnNames: [String]
    /// What comes before the value of each column: `,"Phone":`.
    private let labels: [[UInt8]]
    let listID: String
    private let quotedListID: [UInt8]

    /// Characters a value may have (Genesys Cloud, "Create a new contact list"), counted as UTF-16, the strictest reading.
    private static let valueLimit = 512

    /// - Throws: a configuration error when the key is no column.
    init(schema: Schema, key: String, listID: String) throws {
        guard let keyColumn = schema.index(of: key) else {
            throw RollcallError(.configuration, "`key` names no column: \"\(key)\"")
        }
        self.keyColumn = keyColumn
        columnNames = schema.names
        labels = schema.names.enumerated().map { index, name in
            var label: [UInt8] = index == 0 ? [] : [UInt8(ascii: ",")]
            label.appendJSONString(name)
            return label + [UInt8(ascii: ":")]
        }
        var quoted: [UInt8] = []
        quoted.appendJSONString(listID)
        quotedListID = quoted
        self.listID = listID
    }

    /// The contact's id, or why the row cannot be a contact.
    func check(_ row: Int, of batch: Batch) -> Result<String, RowFault> {
        guard let key = batch.columns[keyColumn][row], !key.isEmpty else {
            return .failure(
                RowFault(row: row, code: "key_missing", reason: "the key \"\(columnNames[keyColumn])\" is empty")
            )
        }
        for (index, column) in batch.columns.enumerated() where column.cells[row].count > Self.valueLimit {
            let length = column[row]?.utf16.count ?? 0
            guard length > Self.valueLimit else { continue }
            let reason = "\"\(columnNames[index])\" has \(length) characters, and Genesys takes \(Self.valueLimit)"
            return .failure(RowFault(row: row, code: "value_too_long", reason: reason))
        }
        return .success(ContactID.make(key))
    }

    /// The request's body for these rows of the batch, each with its contact's id.
    func body(_ contacts: some Collection<IdentifiedRow>, of batch: Batch) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(contacts.count * 256)
        body.append(UInt8(ascii: "["))
        for contact in contacts {
            if body.count > 1 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: "{\"id\":".utf8)
            body.appendJSONString(contact.id)
            body.append(contentsOf: ",\"contactListId\":".utf8)
            body.append(contentsOf: quotedListID)
            body.append(contentsOf: ",\"data\":{".utf8)
            for (index, column) in batch.columns.enumerated() {
                body.append(contentsOf: labels[index])
                body.appendJSONString(column.arena.span.extracting(column.cells[contact.row].range))
            }
            body.append(contentsOf: "}}".utf8)
        }
        body.append(UInt8(ascii: "]"))
        return body
    }
}

/// A row of a batch and the id of its contact.
struct IdentifiedRow: Sendable {
    let row: Int
    let id: String
}

extension RowFault: Error {}
