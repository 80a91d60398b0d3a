internal import GenesysCloud
internal import RollcallCore

/// Sends rows to one contact list.
struct ContactListWriter: SinkWriter {
    /// So many rows are refused one by one, and none accepted, before the fault is taken to be the list's and not the rows'.
    private static let hopelessRefusals = 20

    let client: GenesysClient
    let encoder: ContactEncoder
    let rowsPerDelivery: Int
    let deliveriesInFlight: Int
    /// Reads directly after a write may lag, by how much nobody says; 11 seconds in all.
    let pausesBeforeLooks: [Duration] = [.zero, .seconds(2), .seconds(3), .seconds(6)]

    var identity: RowIdentity? {
        RowIdentity(
            destination: encoder.listID,
            keyColumn: encoder.keyColumn,
            nullIsEmpty: true,
            appendID: ContactID.append
        )
    }

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport {
        let (contacts, invalid) = encoder.contacts(of: batch, returning: returning)
        return DeliveryReport(invalid: invalid, rejected: try await send(contacts, of: batch))
    }

    func standings(of ids: [String]) async throws -> [String: Standing] {
        var standings: [String: Standing] = [:]
        for contact in try await contacts(ids) {
            standings[contact.id] = contact.callable == false ? .uncallable : .callable
        }
        return standings
    }

    /// The contacts of these ids that the list has, in no particular order.
    func contacts(_ ids: [String]) async throws -> [Contact] {
        var contacts: [Contact] = []
        do {
            for part in ids.chunks(of: GenesysClient.maximumContactsPerLookUp) {
                contacts += try await client.contacts(listID: encoder.listID, ids: part)
            }
        } catch let error as GenesysError {
            throw error.deliveryError
        }
        return contacts
    }

    func remove(_ ids: [String], by removal: Removal) async throws {
        do {
            switch removal {
            case .delete:
                for part in ids.chunks(of: GenesysClient.maximumContactsPerDelete) {
                    try await client.deleteContacts(listID: encoder.listID, ids: part)
                }
            case .uncallable:
                for part in ids.chunks(of: GenesysClient.maximumContactsPerUpdate) {
                    try await client.makeUncallable(listID: encoder.listID, ids: part)
                }
            }
        } catch let error as GenesysError {
            throw error.deliveryError
        }
    }

    func close() async {
        await client.shutdown()
    }

    /// Sends contacts until each is accepted or refused by itself: what is refused as a whole is halved and sent again, which
    /// the ids make harmless.
    private func send(_ contacts: [IdentifiedRow], of batch: Batch) async throws -> [RowFault] {
        var pending = contacts.isEmpty ? [] : [contacts[...]]
        var rejected: [RowFault] = []
        var hasAccepted = false
        while let part = pending.popLast() {
            do {
                let unconfirmed = try await post(part, of: batch)
                hasAccepted = true
                rejected += try await settle(unconfirmed, of: batch)
            } catch let error as GenesysError where error.isAboutRows {
                guard part.count == 1, let contact = part.first else {
                    let middle = part.startIndex + part.count / 2
                    pending.append(part[middle...])
                    pending.append(part[..<middle])
                    continue
                }
                rejected.append(RowFault(row: contact.row, code: error.code ?? "refused", reason: error.message))
                let isHopeless = !hasAccepted && error.mayBeAboutTheList && rejected.count >= Self.hopelessRefusals
                if isHopeless { throw error.everyRowRefused }
            } catch let error as GenesysError {
                throw error.deliveryError
            }
        }
        return rejected.sorted { $0.row < $1.row }
    }

    /// - Returns: The contacts that the answer does not confirm.
    private func post(_ contacts: ArraySlice<IdentifiedRow>, of batch: Batch) async throws -> [IdentifiedRow] {
        let answer = try await client.addContacts(to: encoder.listID, body: encoder.body(contacts, of: batch))
        // The ordinary answer: every contact, in the order of the request.
        var next = contacts.startIndex
        var isConfirmed = true
        try ContactIDScanner.forEachID(in: answer.span) { id in
            isConfirmed = isConfirmed && next < contacts.endIndex && contacts[next].hasID(id)
            next += 1
        }
        if isConfirmed, next == contacts.endIndex { return [] }
        // But the order of an answer is not documented, nor that it is complete.
        let confirmed = Set(try ContactIDScanner.ids(in: answer))
        return contacts.filter { !confirmed.contains($0.id) }
    }

    /// A success that leaves contacts out is none for these: each is sent by itself, and kept as a reject if that, too, is not confirmed.
    private func settle(_ unconfirmed: [IdentifiedRow], of batch: Batch) async throws -> [RowFault] {
        var rejected: [RowFault] = []
        for contact in unconfirmed {
            do {
                guard try await !post([contact], of: batch).isEmpty else { continue }
                rejected.append(
                    RowFault(
                        row: contact.row,
                        code: "not_confirmed",
                        reason: "Genesys took the request, but its answer leaves this contact out"
                    )
                )
            } catch let error as GenesysError where error.isAboutRows {
                rejected.append(RowFault(row: contact.row, code: error.code ?? "refused", reason: error.message))
            }
        }
        return rejected
    }
}
