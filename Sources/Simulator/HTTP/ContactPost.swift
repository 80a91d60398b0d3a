import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// `POST …/contacts`: adds contacts, and updates those whose ids exist.
struct ContactPost {
    /// Rows that passed the checks, each with its id.
    private struct Batch {
        var rows: [(id: String, contact: IncomingContact)] = []
        /// The ids, each once.
        var ids: [String] = []
    }

    let core: SimulatorCore

    func answer(_ request: Request, _ context: SimulatorContext) throws -> Response {
        let query = Query(request)
        let options = ContactTable.PostOptions(
            priority: try query.flag("priority"),
            clearSystemData: try query.flag("clearSystemData"),
            doNotQueue: try query.flag("doNotQueue")
        )
        let listID = context.pathPart("contactListId")
        guard let list = core.organization.body(of: listID) else { throw APIError.contactListNotFound }
        try context.requireJSON(request)
        let behaviour = core.behaviour.withLock { $0 }
        var reader = ContactReader(columns: list.columnNames ?? [])
        let incoming = try reader.readContacts(context.bodyBytes, limit: ContactRoutes.postLimit)
        let batch = try accept(incoming, rules: ContactRules(list: list, behaviour: behaviour))
        guard let stored = store(batch, in: listID, options: options) else { throw APIError.contactListNotFound }
        var writer = ContactWriter(list: list, id: listID, expecting: stored.count)
        writer.writeArray(arrange(stored, behaviour.responseOrder))
        return Response(json: ByteBuffer(bytes: writer.text))
    }

    /// Checks the rows and gives each an id.
    private func accept(_ contacts: [IncomingContact], rules: ContactRules) throws -> Batch {
        var batch = Batch()
        batch.rows.reserveCapacity(contacts.count)
        batch.ids.reserveCapacity(contacts.count)
        var seen = Set<String>(minimumCapacity: contacts.count)
        for contact in contacts {
            let id = contact.id ?? UUID().uuidString.lowercased()
            if let problem = rules.problem(with: contact) ?? duplication(of: id, in: seen, rules.behaviour) {
                guard rules.behaviour.badRows == .skipRow else { throw problem }
                continue
            }
            batch.rows.append((id, contact))
            if seen.insert(id).inserted { batch.ids.append(id) }
        }
        let skipped = contacts.count - batch.rows.count
        core.statistics.withLock { $0.contactsSkipped += skipped }
        return batch
    }

    private func duplication(of id: String, in seen: Set<String>, _ behaviour: Behaviour) -> APIError? {
        guard behaviour.duplicateIDs == .refuse, seen.contains(id) else { return nil }
        return .badRequest("invalid.contact.id", "The contact id is more than once in the request.")
    }

    /// Stores the rows in order, and returns the contacts they made; nil if the list is gone.
    private func store(
        _ batch: Batch,
        in list: String,
        options: ContactTable.PostOptions
    ) -> [(id: String, contact: StoredContact)]? {
        let date = core.timeline.date
        let hiding = core.hiding()
        var changes = (created: 0, updated: 0, repeated: 0, madeUncallable: 0)
        let stored = core.organization.withContacts(of: list) { table in
            let uncallable = table.madeUncallable
            var position = table.reserveQueue(batch.rows.count, priority: options.priority)
            for (id, contact) in batch.rows {
                let change = table.post(
                    contact,
                    id: id,
                    options: options,
                    queuePosition: position,
                    date: date,
                    hiding: hiding
                )
                position += 1
                switch change {
                case .created: changes.created += 1
                case .updated: changes.updated += 1
                case .repeated: changes.repeated += 1
                }
            }
            changes.madeUncallable = table.madeUncallable - uncallable
            return batch.ids.compactMap { id in table[id].map { (id: id, contact: $0) } }
        }
        core.statistics.withLock { [changes] in
            $0.contactsCreated += changes.created
            $0.contactsUpdated += changes.updated
            $0.contactsRepeated += changes.repeated
            $0.contactsMadeUncallable += changes.madeUncallable
        }
        return stored
    }

    private func arrange<Contact: Sendable>(_ contacts: [Contact], _ order: Behaviour.ResponseOrder) -> [Contact] {
        switch order {
        case .same: contacts
        case .short: contacts.dropLast()
        case .shuffled: core.generator.withLock { contacts.shuffled(using: &$0) }
        }
    }
}
