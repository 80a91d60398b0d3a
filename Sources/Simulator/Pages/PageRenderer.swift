import Mustache

/// Renders the simulator's pages.
struct PageRenderer: Sendable {
    /// Escapes text by its scalars.
    ///
    /// The escaping that comes with the template engine goes by characters, and so lets a quote pass that is followed
    /// by a combining mark.
    private struct ScalarHTML: MustacheContentType {
        func escapeText(_ text: String) -> String {
            var escaped = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                switch scalar {
                case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
                case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
                case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
                case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
                case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
                default: escaped.append(scalar)
                }
            }
            return String(escaped)
        }
    }

    private let layout: MustacheTemplate
    private let lists: MustacheTemplate
    private let contacts: MustacheTemplate
    private let notFound: MustacheTemplate

    init() throws {
        MustacheContentTypes.register(ScalarHTML(), named: "SIMULATOR_HTML")
        layout = try MustacheTemplate(string: PageTemplates.layout)
        lists = try MustacheTemplate(string: PageTemplates.lists)
        contacts = try MustacheTemplate(string: PageTemplates.contacts)
        notFound = try MustacheTemplate(string: PageTemplates.notFound)
    }

    func render(lists page: ListsPage) -> String {
        render(title: "Contact lists", lists.render(page))
    }

    func render(contacts page: ContactsPage) -> String {
        render(title: page.name, contacts.render(page))
    }

    func renderNotFound() -> String {
        render(title: "No such contact list", notFound.render([String: String]()))
    }

    private func render(title: String, _ content: String) -> String {
        layout.render(["title": title, "content": content])
    }
}

/// What the page of all lists shows.
struct ListsPage {
    struct List {
        let id: String
        let name: String
        let phoneColumns: String
        let columns: Int
        let size: Int
        let created: String
    }

    let lists: [List]
    var hasLists: Bool
}

/// What the page of one list shows.
struct ContactsPage {
    struct Contact {
        let id: String
        let values: [String]
        let callable: String
        let queue: String
        let calls: Int
    }

    let id: String
    let name: String
    let search: String
    let summary: String
    let columns: [String]
    let contacts: [Contact]
    let hasContacts: Bool
    /// Links to the pages around this one.
    let previous: String?
    let next: String?
}
