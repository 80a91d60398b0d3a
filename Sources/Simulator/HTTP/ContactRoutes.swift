import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The contacts of a list.
struct ContactRoutes {
    /// Contacts in one request, by operation.
    static let postLimit = 1_000
    static let deleteLimit = 250
    static let bulkLimit = 50

    let core: SimulatorCore

    func add(to routes: APIRoutes) {
        let contacts = "/outbound/contactlists/{contactListId}/contacts"
        let one = contacts + "/{contactId}"
        let post = ContactPost(core: core)
        routes.on(.post, contacts, needs: "outbound:contact:add") { request, context in
            core.options.echoesContacts ? Self.echo(context) : try post.answer(request, context)
        }
        routes.on(.get, one, needs: "outbound:contact:view") { _, context in try get(context) }
        routes.on(.put, one, needs: "outbound:contact:edit") { request, context in try update(request, context) }
        routes.on(.delete, one, needs: "outbound:contact:delete") { _, context in try delete(context) }
        routes.on(.delete, contacts, needs: "outbound:contact:delete") { request, context in
            try deleteMany(Query(request), context)
        }
        routes.on(.post, contacts + "/bulk", needs: "outbound:contact:view") { request, context in
            try bulk(context.decode([String].self, from: request), context)
        }
        routes.on(.post, contacts + "/search", needs: "outbound:contact:view") { request, context in
            try search(context.decode(ContactSearch.self, from: request), context)
        }
    }

    /// Answers with the pieces of the body as they came: an array of contacts with ids is a valid answer to itself.
    private static func echo(_ context: SimulatorContext) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(contentsOf: context.body)
        )
    }

    private func get(_ context: SimulatorContext) throws -> Response {
        let (list, id) = try list(of: context)
        let contactID = context.pathPart("contactId")
        let found = core.organization.contacts([contactID], in: id, at: core.timeline.elapsed())
        guard let contact = found.first?.contact else { throw APIError.resourceNotFound }
        return Self.answer(contactID, contact, list: list, listID: id)
    }

    private func update(_ request: Request, _ context: SimulatorContext) throws -> Response {
        let (list, id) = try list(of: context)
        let contactID = context.pathPart("contactId")
        try context.requireJSON(request)
        var reader = ContactReader(columns: list.columnNames ?? [])
        var incoming = try reader.readContact(context.bodyBytes)
        incoming.id = nil
        let rules = ContactRules(list: list, behaviour: core.behaviour.withLock { $0 })
        if let problem = rules.problem(with: incoming) { throw problem }
        let hiding = core.hiding()
        let updated = core.organization.withContacts(of: id) { contacts in
            let uncallable = contacts.madeUncallable
            contacts.update(incoming, id: contactID, hiding: hiding)
            return (contact: contacts[contactID], madeUncallable: contacts.madeUncallable - uncallable)
        }
        guard let updated, let contact = updated.contact else {
            throw APIError.badRequest("contact.does.not.exist", "The contact does not exist.")
        }
        core.statistics.withLock { $0.contactsMadeUncallable += updated.madeUncallable }
        return Self.answer(contactID, contact, list: list, listID: id)
    }

    private func delete(_ context: SimulatorContext) throws -> Response {
        let (_, id) = try list(of: context)
        let contactID = context.pathPart("contactId")
        guard !core.behaviour.withLock({ $0.contactsInUse.contains(contactID) }) else {
            throw APIError.badRequest(
                "contact.in.use",
                "The contact cannot be deleted because it is currently in use."
            )
        }
        guard remove([contactID], from: id) == 1 else { throw APIError.resourceNotFound }
        return Response(status: .ok)
    }

    /// Takes ids as repeated values and as comma-separated ones: integrations send both.
    ///
    /// Contacts in use stay, and the answer does not say so.
    private func deleteMany(_ query: Query, _ context: SimulatorContext) throws -> Response {
        let (_, id) = try list(of: context)
        let ids = query.texts("contactIds").flatMap { $0.split(separator: ",").map(String.init) }
        guard !ids.isEmpty else {
            throw APIError.badRequest("no.contacts.specified", "There were no contacts specified in the request.")
        }
        guard ids.count <= Self.deleteLimit else {
            throw APIError.tooManyContacts("added", limit: Self.deleteLimit)
        }
        let behaviour = core.behaviour.withLock { $0 }
        _ = remove(ids.filter { !behaviour.contactsInUse.contains($0) }, from: id)
        return Response(status: HTTPResponse.Status(code: behaviour.deleteManyStatus.rawValue))
    }

    private func bulk(_ ids: [String], _ context: SimulatorContext) throws -> Response {
        let (list, id) = try list(of: context)
        guard ids.count <= Self.bulkLimit else {
            throw APIError.badRequest(
                "too.many.contacts.requested",
                "Only \(Self.bulkLimit) contacts can be retrieved at a time."
            )
        }
        var writer = ContactWriter(list: list, id: id, expecting: ids.count)
        writer.writeArray(core.organization.contacts(ids, in: id, at: core.timeline.elapsed()))
        return Response(json: ByteBuffer(bytes: writer.text))
    }

    private func search(_ search: ContactSearch, _ context: SimulatorContext) throws -> Response {
        let (list, id) = try list(of: context)
        let columns = list.columnNames ?? []
        try search.check(columns: columns)
        let now = core.timeline.elapsed()
        let ids = try matches(search, in: id, columns: columns, at: now)
        let page = PageRequest(number: search.pageNumber, size: search.pageSize)
        var info = page.info(total: ids.count, path: context.coreContext.endpointPath.value ?? "")
        info.contactsCount = ids.count
        let found = core.organization.contacts(ids[page.slice(of: ids.count)], in: id, at: now)
        var writer = ContactWriter(list: list, id: id, expecting: found.count)
        writer.writeArray(found)
        var body = ByteBuffer(string: "{\"entities\":")
        body.writeBytes(writer.text)
        body.writeStaticString(",")
        body.writeBytes(try GenesysJSON.encode(info).dropFirst())
        return Response(json: body)
    }

    /// The ids of the contacts that are searched for, in order.
    private func matches(
        _ search: ContactSearch,
        in list: String,
        columns: [String],
        at now: Duration
    ) throws -> [String] {
        let positions = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
        var sortKeys: [String: [String]] = [:]
        let sorts = search.contactSorts ?? []
        if search.isPlain {
            guard let ids = core.organization.ids(in: list, at: now) else { throw APIError.contactListNotFound }
            return ids
        }
        let ids = core.organization.ids(in: list, at: now) { id, contact in
            let values = contact.row.values
            func value(_ column: String) -> String { positions[column].flatMap { values[$0] } ?? "" }
            guard search.matches(value) else { return false }
            if !sorts.isEmpty { sortKeys[id] = sorts.map { value($0.fieldName) } }
            return true
        }
        guard let ids else { throw APIError.contactListNotFound }
        guard !sorts.isEmpty else { return ids }
        return ids.sorted { one, other in
            for (sort, keys) in zip(sorts, zip(sortKeys[one] ?? [], sortKeys[other] ?? [])) {
                if let precedes = sort.precedes(keys.0, keys.1) { return precedes }
            }
            return one < other
        }
    }

    private func list(of context: SimulatorContext) throws -> (body: ContactListBody, id: String) {
        let id = context.pathPart("contactListId")
        guard let body = core.organization.body(of: id) else { throw APIError.contactListNotFound }
        return (body, id)
    }

    private func remove(_ ids: [String], from list: String) -> Int {
        let hiding = core.hiding()
        let removed = core.organization.withContacts(of: list) { contacts in
            ids.count { contacts.remove($0, hiding: hiding) }
        }
        core.statistics.withLock { $0.contactsDeleted += removed ?? 0 }
        return removed ?? 0
    }

    private static func answer(
        _ id: String,
        _ contact: StoredContact,
        list: ContactListBody,
        listID: String
    ) -> Response {
        var writer = ContactWriter(list: list, id: listID)
        writer.write(id, contact)
        return Response(json: ByteBuffer(bytes: writer.text))
    }
}
