internal import GenesysCloud
internal import RollcallCore
internal import Synchronization

extension ContactListWriter {
    func export(_ receive: @escaping @Sendable (HeldRow) throws -> Void) async throws -> Bool {
        let reader = Mutex(ContactExportReader(columns: encoder.columnNames))
        let take: @Sendable (ExportedContact) throws -> Void = { contact in
            try receive(HeldRow(id: contact.id, values: contact.values, isCallable: contact.isCallable))
        }
        do {
            try await client.exportContacts(listID: encoder.listID) { piece in
                try reader.withLock { try $0.read(piece, take) }
            }
            try reader.withLock { try $0.finish(take) }
        } catch let error as GenesysError {
            throw error.deliveryError
        }
        return true
    }

    func heldRows(of ids: [String]) async throws -> [HeldRow] {
        try await contacts(ids).map { contact in
            let values = encoder.columnNames.map { contact.data[$0] ?? "" }
            return HeldRow(id: contact.id, values: values, isCallable: contact.callable)
        }
    }
}
