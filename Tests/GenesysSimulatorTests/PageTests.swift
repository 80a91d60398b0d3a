import Foundation
import GenesysSimulator
import Testing

@Suite struct PageTests {
    @Test func theFirstPageNamesTheLists() async throws {
        try await withSimulator { _, client in
            #expect(try await client.send(.get, "/").text.contains("There are none yet."))
            let id = try await client.createList("Leads & <b>friends</b>")
            _ = try await client.post([TestClient.contact("a")], to: id)
            let page = try await client.send(.get, "/")
            #expect(page.header("Content-Type") == "text/html; charset=utf-8")
            #expect(page.text.contains("<a href=\"/lists/\(id)\">Leads &amp; &lt;b&gt;friends&lt;/b&gt;</a>"))
            #expect(page.text.contains("<td class=\"number\">1</td>"))
        }
    }

    @Test func contactsComeInPagesAndAreSearched() async throws {
        try await withSimulator { _, client in
            let id = try await client.createList()
            let rows = (100..<220).map { TestClient.contact("c\($0)", name: $0 == 150 ? "Grace" : "Ada") }
            _ = try await client.post(rows, to: id)
            let second = try await client.send(.get, "/lists/\(id)?page=2").text
            #expect(second.contains("120 contacts, 51 to 100 shown"))
            #expect(second.contains("<th scope=\"row\">c150</th>"))
            #expect(!second.contains("<th scope=\"row\">c149</th>"))
            #expect(second.contains("<a href=\"/lists/\(id)?q=&amp;page=1\" rel=\"prev\">"))
            #expect(second.contains("<a href=\"/lists/\(id)?q=&amp;page=3\" rel=\"next\">"))
            let found = try await client.send(.get, "/lists/\(id)?q=gRACE").text
            #expect(found.contains("1 contact, 1 to 1 shown"))
            #expect(found.contains("<th scope=\"row\">c150</th>"))
            #expect(!found.contains("rel=\"next\""))
        }
    }

    @Test func aContactThatMustNotBeCalledIsShownSo() async throws {
        try await withSimulator { simulator, client in
            let id = try await client.createList()
            _ = try await client.post([TestClient.contact("a"), TestClient.contact("b")], to: id)
            try simulator.edit([.callable(id: "b", false)], inList: id)
            let page = try await client.send(.get, "/lists/\(id)").text
            #expect(page.contains("<th scope=\"col\">Callable</th>"))
            #expect(page.contains("<td>yes</td><td class=\"number\">0</td>"))
            #expect(page.contains("<td>no</td><td class=\"number\">1</td>"))
        }
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\" autofocus onfocus=\"alert(1)", "\"\u{301} onfocus=alert(1) x=\"", "'&'",
    ])
    func whatIsShownIsEscaped(text: String) async throws {
        try await withSimulator { _, client in
            let id = try await client.createList()
            _ = try await client.post([TestClient.contact("a", name: text)], to: id)
            let query = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let page = try await client.send(.get, "/lists/\(id)?q=\(query)").text
            #expect(page.contains("1 contact, 1 to 1 shown"))
            let escaped = text.unicodeScalars.map { scalar in
                ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "'": "&#39;"][scalar] ?? String(scalar)
            }.joined()
            #expect(page.contains("<td>\(escaped)</td>"))
            #expect(page.contains("name=\"q\" value=\"\(escaped)\">"))
            #expect(page.unicodeScalars.split(separator: "\"").count > 10)
        }
    }

    @Test func anUnknownListHasAPageThatSaysSo() async throws {
        try await withSimulator { _, client in
            let page = try await client.send(.get, "/lists/none")
            #expect(page.status == 404)
            #expect(page.text.contains("No such contact list"))
        }
    }

    @Test func pagesMayLoadOnlyTheirStyleSheet() async throws {
        try await withSimulator { _, client in
            let page = try await client.send(.get, "/")
            #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'; style-src 'self'") == true)
            #expect(page.text.contains("<link rel=\"stylesheet\" href=\"/simulator.css\">"))
            #expect(try await client.send(.get, "/simulator.css").header("Content-Type")?.hasPrefix("text/css") == true)
        }
    }
}
