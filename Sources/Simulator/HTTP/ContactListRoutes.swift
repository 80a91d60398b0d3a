import Foundation
import HTTPTypes
import Hummingbird

/// The contact lists of the API.
struct ContactListRoutes {
    private static let path = "/api/v2/outbound/contactlists"
    /// Lists that can be asked for by their ids at once.
    private static let idLimit = 100

    let core: SimulatorCore

    func add(to routes: APIRoutes) {
        let lists = "/outbound/contactlists"
        let one = lists + "/{contactListId}"
        routes.on(.post, lists, needs: "outbound:contactList:add") { request, context in
            try create(context.decode(ContactListBody.self, from: request))
        }
        routes.on(.get, lists, needs: "outbound:contactList:view") { request, _ in try list(Query(request)) }
        routes.on(.get, one, needs: "outbound:contactList:view") { request, context in
            try get(context.pathPart("contactListId"), Query(request))
        }
        routes.on(.put, one, needs: "outbound:contactList:edit") { request, context in
            try update(context.pathPart("contactListId"), context.decode(ContactListBody.self, from: request))
        }
        routes.on(.delete, one, needs: "outbound:contactList:delete") { _, context in
            try core.organization.removeList(context.pathPart("contactListId"))
            return Response(status: .ok)
        }
    }

    private func create(_ body: ContactListBody) throws -> Response {
        try ContactListRules.checkName(body)
        try ContactListRules.checkColumns(body)
        let shows = core.hiding()?.until ?? .zero
        return try Response(json: core.organization.create(body, date: core.timeline.date, shows: shows))
    }

    private func update(_ id: String, _ body: ContactListBody) throws -> Response {
        guard core.organization.body(of: id) != nil else { throw APIError.resourceNotFound }
        try ContactListRules.checkName(body)
        return try Response(json: core.organization.update(id, with: body, date: core.timeline.date))
    }

    private func get(_ id: String, _ query: Query) throws -> Response {
        let includeSize = try query.flag("includeSize")
        guard let found = core.organization.visibleList(id, at: core.timeline.elapsed()) else {
            throw APIError.contactListNotFound
        }
        return try Response(json: Self.body(found, includeSize: includeSize))
    }

    private func list(_ query: Query) throws -> Response {
        let page = PageRequest(
            number: try query.number("pageNumber", in: 1...Int.max, default: 1),
            size: try query.number("pageSize", in: 1...PageRequest.sizeLimit, default: 25)
        )
        let includeSize = try query.flag("includeSize")
        let ids = Set(query.texts("id"))
        guard ids.count <= Self.idLimit else {
            throw APIError.badRequest(
                "too.many.bulk.retrieves",
                "Only \(Self.idLimit) contact lists can be retrieved by id at a time"
            )
        }
        let divisions = Set(query.texts("divisionId"))
        let filter = try NameFilter(query)
        let order = try Self.order(query)
        let found = core.organization.lists(visibleAt: core.timeline.elapsed()).filter { list in
            (ids.isEmpty || ids.contains(list.body.id ?? ""))
                && (divisions.isEmpty || divisions.contains(list.body.division?.id ?? ""))
                && filter.matches(list.body.name ?? "")
        }.sorted(by: order)
        let entities = found[page.slice(of: found.count)].map { Self.body($0, includeSize: includeSize) }
        return try Response(json: Page(entities: entities, info: page.info(total: found.count, path: Self.path)))
    }

    private static func body(_ list: (body: ContactListBody, size: Int), includeSize: Bool) -> ContactListBody {
        var body = list.body
        if includeSize { body.size = list.size }
        return body
    }

    /// Sorts by name unless told otherwise; every sort order the service knows starts with `a` or `d`.
    private static func order(
        _ query: Query
    ) throws -> ((body: ContactListBody, size: Int), (body: ContactListBody, size: Int)) -> Bool {
        let descends = query.text("sortOrder")?.hasPrefix("d") ?? false
        let key: @Sendable (ContactListBody) -> String
        switch query.text("sortBy") ?? "name" {
        case "name": key = { $0.name ?? "" }
        case "dateCreated": key = { $0.dateCreated.map(GenesysJSON.text(of:)) ?? "" }
        case "dateModified": key = { $0.dateModified.map(GenesysJSON.text(of:)) ?? "" }
        case let other: throw Query.invalid("sortBy", other)
        }
        return { first, second in
            let (one, other) = ((key(first.body), first.body.id ?? ""), (key(second.body), second.body.id ?? ""))
            return descends ? other < one : one < other
        }
    }
}

/// Chooses lists by name, as `filterType` says; the service's default is by prefix.
private struct NameFilter {
    let matches: (String) -> Bool

    init(_ query: Query) throws {
        let type = query.text("filterType") ?? "Prefix"
        guard let name = query.text("name") else {
            matches = { _ in true }
            return
        }
        switch type {
        case "Equals": matches = { $0 == name }
        case "Contains": matches = { $0.contains(name) }
        case "Prefix", "BeginsWith": matches = { $0.hasPrefix(name) }
        case "EndsWith": matches = { $0.hasSuffix(name) }
        case "LessThan": matches = { $0 < name }
        case "LessThanEqualTo": matches = { $0 <= name }
        case "GreaterThan": matches = { $0 > name }
        case "GreaterThanEqualTo": matches = { $0 >= name }
        case "RegEx":
            guard let expression = try? Regex(name) else { throw Query.invalid("name", name) }
            matches = { $0.contains(expression) }
        default: throw Query.invalid("filterType", type)
        }
    }
}
