import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Pages to look at the simulator in a browser.
struct PageRoutes {
    private static let pageSize = 50

    let core: SimulatorCore
    private let renderer: PageRenderer

    init(core: SimulatorCore) throws {
        self.core = core
        renderer = try PageRenderer()
    }

    func addRoutes(to router: Router<SimulatorContext>) {
        router.get("/") { _, _ in Response(html: renderer.render(lists: lists())) }
        router.get("lists/{listId}") { request, context in
            guard let page = try contacts(of: context.pathPart("listId"), Query(request)) else {
                return Response(html: renderer.renderNotFound(), status: .notFound)
            }
            return Response(html: renderer.render(contacts: page))
        }
        router.get("simulator.css") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/css; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PageTemplates.styleSheet))
            )
        }
    }

    private func lists() -> ListsPage {
        let lists = core.lists().map { list in
            ListsPage.List(
                id: list.id,
                name: list.name,
                phoneColumns: list.phoneColumns.joined(separator: ", "),
                columns: list.columnNames.count,
                size: list.size,
                created: GenesysJSON.text(of: list.dateCreated)
            )
        }
        return ListsPage(lists: lists, hasLists: !lists.isEmpty)
    }

    private func contacts(of id: String, _ query: Query) throws -> ContactsPage? {
        let search = query.text("q") ?? ""
        guard let list = core.organization.body(of: id), let ids = matches(search, in: id) else { return nil }
        let columns = list.columnNames ?? []
        let page = PageRequest(number: max(query.text("page").flatMap(Int.init) ?? 1, 1), size: Self.pageSize)
        let slice = page.slice(of: ids.count)
        let contacts = core.contacts(ids[slice], of: id).map { contact in
            ContactsPage.Contact(
                id: contact.id,
                values: columns.map { contact.data[$0] ?? "" },
                callable: contact.callable ? "yes" : "no",
                queue: contact.queuePosition.map(String.init) ?? "",
                calls: contact.dialCount
            )
        }
        func link(_ number: Int) -> String {
            let text = search.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return "/lists/\(id)?q=\(text)&page=\(number)"
        }
        let shown = slice.isEmpty ? "none" : "\(slice.lowerBound + 1) to \(slice.upperBound)"
        return ContactsPage(
            id: id,
            name: list.name ?? "",
            search: search,
            summary: "\(ids.count) \(ids.count == 1 ? "contact" : "contacts"), \(shown) shown",
            columns: columns,
            contacts: contacts,
            hasContacts: !contacts.isEmpty,
            previous: page.number > 1 ? link(page.number - 1) : nil,
            next: slice.upperBound < ids.count ? link(page.number + 1) : nil
        )
    }

    /// The ids of the contacts with a text in their id or a value, without regard to the case of ASCII letters.
    private func matches(_ search: String, in list: String) -> [String]? {
        guard !search.isEmpty else { return core.contactIDs(of: list) }
        let wanted = search.lowercased()
        return core.organization.ids(in: list, at: core.timeline.elapsed()) { id, contact in
            id.lowercased().contains(wanted)
                || contact.row.values.contains { $0?.lowercased().contains(wanted) ?? false }
        }
    }
}
