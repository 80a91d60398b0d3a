import Foundation
import Hummingbird
import Synchronization

/// `POST …/contacts`: adds contacts, and updates those whose ids exist.
struct ContactPost {
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
        let contacts = try accept(incoming, rules: ContactRules(list: list, behaviour: behaviour))
        guard let stored = store(contacts, in: listID, options: options) else { throw APIError.contactListNotFound }
        var writer = ContactWriter(list: list, id: listID, expecting: stored.count)
        writer.writeArray(arrange(stored, behaviour.responseOrder))
        return Response(json: writer.buffer)
    }

    /// Checks the rows and gives each an id.
    private func accept(
        _ contacts: [IncomingContact],
        rules: ContactRules
    ) throws -> [(id: String, contact: IncomingContact)] {
        var accepted: [(id: String, contact: IncomingContact)] = []
        accepted.reserveCapacity(contacts.count)
        var seen: Set<String> = []
        var skipped = 0
        for contact in contacts {
            let id = contact.id ?? UUID().uuidString.lowercased()
            var problem = rules.problem(with: contact)
            if !seen.insert(id).inserted, rules.behaviour.duplicateIDs == .refuse {
                problem =
                    problem ?? .badRequest("invalid.contact.id", "The contact id is more than once in the request.")
            }
            guard let problem else {
                accepted.append((id, contact))
                continue
            }
            guard rules.behaviour.badRows == .skipRow else { throw problem }
            skipped += 1
        }
        core.statistics.withLock { [skipped] in $0.contactsSkipped += skipped }
        return accepted
    }

    /// Stores the rows in order, and returns the contacts they made; nil if the list is gone.
    private func store(
        _ contacts: [(id: String, contact: IncomingContact)],
        in list: String,
        options: ContactTable.PostOptions
    ) -> [(id: String, contact: StoredContact)]? {
        let date = core.timeline.date
        let shows = core.readsShow()
        var changes = (created: 0, updated: 0, repeated: 0)
        let stored = core.organization.withContacts(of: list) { table in
            var position = table.reserveQueue(contacts.count, priority: options.priority)
            for (id, contact) in contacts {
                let change = table.post(
                    contact,
                    id: id,
                    options: options,
                    queuePosition: position,
                    date: date,
                    shows: shows
                )
                position += 1
                switch change {
                case .created: changes.created += 1
                case .updated: changes.updated += 1
                case .repeated: changes.repeated += 1
                }
            }
            var seen: Set<String> = []
            return contacts.compactMap { id, _ in
                seen.insert(id).inserted ? table[id].map { (id: id, contact: $0) } : nil
            }
        }
        core.statistics.withLock { [changes] in
            $0.contactsCreated += changes.created
            $0.contactsUpdated += changes.updated
            $0.contactsRepeated += changes.repeated
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
