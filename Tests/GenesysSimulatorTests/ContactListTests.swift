import Foundation
import GenesysSimulator
import Testing

@Suite struct ContactListTests {
    private let path = "/api/v2/outbound/contactlists"

    /// A list that the service takes.
    private static func list(_ changes: [String: Any] = [:]) throws -> String {
        let good: [String: Any] = [
            "name": "Leads", "columnNames": ["key", "phone", "zip", "zone"],
            "phoneColumns": [["columnName": "phone", "type": "cell"]],
        ]
        return try TestClient.json(good.merging(changes) { $1 })
    }

    @Test func aNewListIsReadBackAsItWasMade() async throws {
        try await withSimulator { _, client in
            let made = try await client.send(.post, path, body: Self.list())
            let read = try await client.send(.get, "\(path)/\(made["id"] ?? "")")
            #expect(made.status == 200)
            #expect(read.text == made.text)
            #expect(read["name"] == "Leads")
            #expect(read.object["version"] as? Int == 1)
            #expect(read.object["columnNames"] as? [String] == ["key", "phone", "zip", "zone"])
            #expect(read.object["phoneColumns"] as? [[String: String]] == [["columnName": "phone", "type": "cell"]])
            #expect(read["selfUri"] == "\(path)/\(made["id"] ?? "")")
            #expect((read.object["division"] as? [String: Any])?["id"] != nil)
            #expect(read["dateCreated"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(read.object["size"] == nil)
        }
    }

    @Test func theSizeIsGivenOnRequest() async throws {
        try await withSimulator { _, client in
            let id = try await client.createList()
            _ = try await client.post([TestClient.contact("a"), TestClient.contact("b")], to: id)
            let one = try await client.send(.get, "\(path)/\(id)?includeSize=true")
            let page = try await client.send(.get, "\(path)?includeSize=true")
            #expect(one.object["size"] as? Int == 2)
            #expect(page.entities.first?["size"] as? Int == 2)
        }
    }

    @Test(arguments: [
        ("name.cannot.be.blank", #"{"name": " "}"#),
        ("name.length.exceeded", #"{"name": "\#(String(repeating: "n", count: 65))"}"#),
        ("no.contact.columns.defined", #"{"columnNames": []}"#),
        (
            "contact.columns.limit.exceeded",
            #"{"columnNames": [\#((0...50).map { "\"c\($0)\"" }.joined(separator: ","))]}"#
        ),
        ("not.unique.contact.columns", #"{"columnNames": ["phone", "key", "key"]}"#),
        ("constraint.validation", #"{"columnNames": ["phone", "\#(String(repeating: "c", count: 129))"]}"#),
        ("no.phone.columns", #"{"phoneColumns": []}"#),
        ("invalid.contact.phone.column", #"{"phoneColumns": [{"columnName": "phone"}]}"#),
        (
            "not.unique.phone.columns",
            #"{"phoneColumns": [{"columnName": "phone", "type": "a"}, {"columnName": "phone", "type": "b"}]}"#
        ),
        (
            "contact.columns.do.not.contain.phone.number.column",
            #"{"phoneColumns": [{"columnName": "Phone", "type": "cell"}]}"#
        ),
        (
            "system.column.phone.column",
            #"{"columnNames": ["Callable-phone"], "phoneColumns": [{"columnName": "Callable-phone", "type": "cell"}]}"#
        ),
        (
            "cannot.have.callable.time.column.with.automatic.time.zone.mapping",
            #"{"automaticTimeZoneMapping": true, "phoneColumns": [{"columnName": "phone", "type": "cell", "callableTimeColumn": "zone"}]}"#
        ),
        ("cannot.have.zip.code.column.without.automatic.time.zone.mapping", #"{"zipCodeColumnName": "zip"}"#),
        ("invalid.zip.code.column", #"{"automaticTimeZoneMapping": true, "zipCodeColumnName": "phone"}"#),
        ("constraint.validation", #"{"emailColumns": [{"columnName": "mail", "type": "work"}]}"#),
        (
            "constraint.validation",
            #"{"columnDataTypeSpecifications": [{"columnName": "age", "columnDataType": "NUMERIC"}]}"#
        ),
        ("bad.request", #"{"columnNames": "phone"}"#),
    ])
    func aBadListIsRefusedWithItsCode(code: String, changes: String) async throws {
        let object = try JSONSerialization.jsonObject(with: Data(changes.utf8))
        let body = try Self.list(#require(object as? [String: Any]))
        try await withSimulator { simulator, client in
            let answer = try await client.send(.post, path, body: body)
            #expect(answer.refusal == Refusal(400, code))
            #expect(simulator.contactLists.isEmpty)
        }
    }

    @Test func listsAtTheLimitsAreTaken() async throws {
        let columns = ["phone"] + (1..<50).map { String(repeating: "c", count: 126) + String($0 + 9) }
        let body = try Self.list(["name": String(repeating: "n", count: 64), "columnNames": columns])
        try await withSimulator { _, client in
            let answer = try await client.send(.post, path, body: body)
            #expect(answer.status == 200)
        }
    }

    @Test func anEmailColumnStandsInForAPhoneColumn() async throws {
        let body = try Self.list(["phoneColumns": [], "emailColumns": [["columnName": "key", "type": "work"]]])
        try await withSimulator { _, client in
            let answer = try await client.send(.post, path, body: body)
            #expect(answer.status == 200)
        }
    }

    @Test func aNameIsTakenOnlyOnce() async throws {
        try await withSimulator { _, client in
            _ = try await client.createList("Leads")
            let again = try await client.send(.post, path, body: Self.list())
            #expect(again.refusal == Refusal(400, "duplicate.name"))
        }
    }

    @Test(arguments: [
        ("name=Lead", ["Lead", "Leads"]), ("name=Lead&filterType=Equals", ["Lead"]),
        ("name=ead&filterType=Contains", ["Lead", "Leads", "Old leads"]),
        ("name=s&filterType=EndsWith", ["Leads", "Old leads"]),
        ("name=Old+l", ["Old leads"]), ("name=%5E.%7B4%7D%24&filterType=RegEx", ["Lead"]),
        ("name=Leads&filterType=LessThan", ["Lead"]),
        ("name=Leads&filterType=GreaterThanEqualTo", ["Leads", "Old leads"]),
        ("", ["Lead", "Leads", "Old leads"]), ("sortOrder=descending", ["Old leads", "Leads", "Lead"]),
        ("divisionId=elsewhere", []),
    ])
    func listsAreFoundByName(query: String, names: [String]) async throws {
        try await withSimulator { _, client in
            for name in ["Leads", "Old leads", "Lead"] { _ = try await client.createList(name) }
            let answer = try await client.send(.get, "\(path)?\(query)")
            #expect(answer.entities.compactMap { $0["name"] as? String } == names)
            #expect(answer.object["total"] as? Int == names.count)
        }
    }

    @Test func listsAreFoundByIds() async throws {
        try await withSimulator { _, client in
            let one = try await client.createList("One")
            let two = try await client.createList("Two")
            _ = try await client.createList("Three")
            let found = try await client.send(.get, "\(path)?id=\(one)&id=\(two)")
            #expect(found.entities.compactMap { $0["id"] as? String } == [one, two])
            let many = (0...100).map { "id=\($0)" }.joined(separator: "&")
            #expect(try await client.send(.get, "\(path)?\(many)").refusal == Refusal(400, "too.many.bulk.retrieves"))
        }
    }

    @Test func aListingComesInPagesWithLinks() async throws {
        try await withSimulator { _, client in
            for number in 1...5 { _ = try await client.createList("List \(number)") }
            let page = try await client.send(.get, "\(path)?pageSize=2&pageNumber=2")
            #expect(page.entities.compactMap { $0["name"] as? String } == ["List 3", "List 4"])
            #expect(page.object["pageCount"] as? Int == 3)
            #expect(page["nextUri"] == "\(path)?pageSize=2&pageNumber=3")
            #expect(page["previousUri"] == "\(path)?pageSize=2&pageNumber=1")
            #expect(page["lastUri"] == "\(path)?pageSize=2&pageNumber=3")
            #expect(try await client.send(.get, "\(path)?pageSize=2&pageNumber=4").entities.isEmpty)
            let tooLarge = try await client.send(.get, "\(path)?pageSize=101")
            #expect(tooLarge.refusal == Refusal(400, "invalid.query.param.value"))
        }
    }

    @Test func anUpdateRaisesTheVersionAndAStaleOneConflicts() async throws {
        try await withSimulator { _, client in
            let made = try await client.send(.post, path, body: Self.list())
            let one = "\(path)/\(made["id"] ?? "")"
            let renamed = try await client.send(.put, one, body: Self.list(["name": "New", "version": 1]))
            #expect(renamed["name"] == "New")
            #expect(renamed.object["version"] as? Int == 2)
            #expect(renamed["dateCreated"] == made["dateCreated"])
            let stale = try await client.send(.put, one, body: Self.list(["version": 1]))
            #expect(stale.refusal == Refusal(409, "invalid.update.wrong.version"))
        }
    }

    @Test(arguments: [
        ("cannot.update.contact.column.names", #"{"columnNames": ["phone", "key", "zip", "zone"]}"#),
        ("cannot.update.phone.columns", #"{"phoneColumns": [{"columnName": "phone", "type": "home"}]}"#),
        ("cannot.edit.automatic.time.zone.mapping.settings", #"{"automaticTimeZoneMapping": true}"#),
        ("invalid.update", #"{"emailColumns": [{"columnName": "key", "type": "work"}]}"#),
        ("name.cannot.be.blank", #"{"name": ""}"#),
        ("duplicate.name", #"{"name": "Other"}"#),
        ("invalid.update", #"{"version": null}"#),
    ])
    func whatCannotChangeIsRefused(code: String, changes: String) async throws {
        let object = try #require(JSONSerialization.jsonObject(with: Data(changes.utf8)) as? [String: Any])
        let body = try Self.list(["version": 1].merging(object) { $1 })
        try await withSimulator { _, client in
            _ = try await client.createList("Other")
            let made = try await client.send(.post, path, body: Self.list())
            let answer = try await client.send(.put, "\(path)/\(made["id"] ?? "")", body: body)
            #expect(answer.refusal == Refusal(400, code))
        }
    }

    @Test func aDeletedListIsGone() async throws {
        try await withSimulator { _, client in
            let id = try await client.createList()
            #expect(try await client.send(.delete, "\(path)/\(id)").status == 200)
            let gone = try await client.send(.get, "\(path)/\(id)")
            #expect(gone.refusal == Refusal(404, "contact.list.not.found"))
            #expect(try await client.send(.delete, "\(path)/\(id)").refusal == Refusal(404, "resource.not.found"))
            let update = try await client.send(.put, "\(path)/\(id)", body: Self.list(["version": 1]))
            #expect(update.refusal == Refusal(404, "resource.not.found"))
            #expect(try await client.post([], to: id).refusal == Refusal(404, "contact.list.not.found"))
        }
    }

    @Test func aBodyMustBeDeclaredAsJSON() async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(.post, path, body: Self.list(), type: "text/plain")
            #expect(answer.refusal == Refusal(415, "unsupported.media.type"))
            let withCharset = try await client.send(
                .post,
                path,
                body: Self.list(),
                type: "application/json; charset=UTF-8"
            )
            #expect(withCharset.status == 200)
        }
    }
}
