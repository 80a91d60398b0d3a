internal import RollcallCore

/// Makes the body of a request from rows: a JSON array of `WritableDialerContact`.
///
/// Every column is always there, null as the empty string: Genesys refuses contacts that lack a column of their list.
struct ContactEncoder: Sendable {
    let keyColumn: Int
    let columnNames: [String]
    /// What comes between the text of a column and that of the one before, one after the other: `","Phone":"`.
    private let labels: [UInt8]
    private let labelRanges: [Range<Int>]
    let listID: String
    /// What comes between a contact's id and its first value: `","contactListId":"…","data":{`.
    private let listAndData: [UInt8]
    private let returningListAndData: [UInt8]

    /// Characters a value may have (Genesys Cloud, "Create a new contact list"), counted as UTF-16, the strictest reading.
    private static let valueLimit = 512

    /// - Throws: a configuration error when the key is no column.
    init(schema: Schema, key: String, listID: String) throws {
        guard let keyColumn = schema.index(of: key) else {
            throw RollcallError(.configuration, "`key` names no column: \"\(key)\"")
        }
        self.keyColumn = keyColumn
        columnNames = schema.names
        var labels: [UInt8] = []
        labelRanges = schema.names.enumerated().map { index, name in
            let start = labels.count
            labels.append(contentsOf: (index == 0 ? "" : "\",").utf8)
            labels.appendJSONString(name)
            labels.append(contentsOf: ":\"".utf8)
            return start..<labels.count
        }
        self.labels = labels
        var text = Array("\",\"contactListId\":".utf8)
        text.appendJSONString(listID)
        listAndData = text + Array(",\"data\":{".utf8)
        returningListAndData = text + Array(",\"callable\":true,\"data\":{".utf8)
        self.listID = listID
    }

    /// The contacts of all rows, and why the other rows cannot be contacts.
    ///
    /// The contacts of the rows in `returning` become callable again.
    func contacts(of batch: Batch, returning: Set<Int> = []) -> (contacts: [IdentifiedRow], invalid: [RowFault]) {
        var contacts: [IdentifiedRow] = []
        contacts.reserveCapacity(batch.rowCount)
        var invalid: [RowFault] = []
        let keys = batch.columns[keyColumn]
        batch.withPinnedColumns { columns in
            for row in 0..<batch.rowCount {
                guard let key = keys[row], !key.isEmpty else {
                    let reason = "the key \"\(columnNames[keyColumn])\" is empty"
                    invalid.append(RowFault(row: row, code: "key_missing", reason: reason))
                    continue
                }
                if let fault = tooLongValue(row, of: batch, columns) {
                    invalid.append(fault)
                } else {
                    contacts.append(
                        IdentifiedRow(row: row, id: ContactID.make(key), isReturning: returning.contains(row))
                    )
                }
            }
        }
        return (contacts, invalid)
    }

    private func tooLongValue(_ row: Int, of batch: Batch, _ columns: [PinnedColumn]) -> RowFault? {
        for (index, column) in columns.enumerated() where column[row].count > Self.valueLimit {
            let length = batch.columns[index][row]?.utf16.count ?? 0
            guard length > Self.valueLimit else { continue }
            let reason = "\"\(columnNames[index])\" has \(length) characters, and Genesys takes \(Self.valueLimit)"
            return RowFault(row: row, code: "value_too_long", reason: reason)
        }
        return nil
    }

    /// The request's body for these rows of the batch, each with its contact's id.
    func body(_ contacts: some Collection<IdentifiedRow>, of batch: Batch) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(contacts.count * 256)
        body.append(UInt8(ascii: "["))
        let opening = Array("{\"id\":\"".utf8)
        let closing = Array("\"}}".utf8)
        let mostBytesBesidesValues = opening.count + returningListAndData.count + labels.count + closing.count
        batch.withPinnedColumns { columns in
            // Looked at without counting references for each value.
            let (labels, labelRanges) = (labels.span, labelRanges.span)
            let (listAndData, returningListAndData) = (listAndData.span, returningListAndData.span)
            let (opening, closing, columns) = (opening.span, closing.span, columns.span)
            for contact in contacts {
                if body.count > 1 { body.append(UInt8(ascii: ",")) }
                var valueLength = 0
                for index in columns.indices { valueLength += columns[index][contact.row].count }
                let most = mostBytesBesidesValues + contact.id.utf8.count + valueLength * [UInt8].mostBytesOfJSON
                body.append(addingCapacity: most) { body in
                    body.appendBytes(opening)
                    // An id needs no escape.
                    body.appendBytes(contact.id.utf8.span)
                    // Said of no other contact: whether one may be called is the dialler's business.
                    body.appendBytes(contact.isReturning ? returningListAndData : listAndData)
                    for index in columns.indices {
                        body.appendBytes(labels.extracting(labelRanges[index]))
                        columns[index].withBytes(of: contact.row) { body.appendJSONText($0) }
                    }
                    body.appendBytes(closing)
                }
            }
        }
        body.append(UInt8(ascii: "]"))
        return body
    }
}

/// A row of a batch and the id of its contact.
struct IdentifiedRow: Sendable {
    let row: Int
    let id: String
    /// Whether it was made uncallable because its row had left, and the row is back.
    let isReturning: Bool

    func hasID(_ bytes: Span<UInt8>) -> Bool {
        let own = id.utf8.span
        return own.count == bytes.count && own.indices.allSatisfy { own[$0] == bytes[$0] }
    }
}
