import Foundation
import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct GenesysErrorTests {
    struct Case: Sendable {
        let status: Int
        let body: String
        let kind: GenesysError.Kind
        let text: String
    }

    static let cases = [
        Case(
            status: 400,
            body:
                #"{"message":"The number +15551234567 of Ada Lovelace is bad","code":"constraint.validation","status":400}"#,
            kind: .refused,
            text: "reading the contact list L: 400 Bad Request constraint.validation"
        ),
        Case(
            status: 400,
            body: #"{"message":"A list may have 50 columns","code":"contact.columns.limit.exceeded","limit":{"#
                + #""key":"contact.columns.max","namespace":"outbound","value":50}}"#,
            kind: .refused,
            text:
                "reading the contact list L: 400 Bad Request contact.columns.limit.exceeded, A list may have 50 columns; "
                + "limit contact.columns.max is 50"
        ),
        Case(
            status: 403,
            body: #"{"message":"Unable to perform the requested action. You must have at least one of the following "#
                + #"permissions assigned: [outbound:contact:add, outbound:contactList:view]","#
                + #""code":"missing.any.permissions","contextId":"c-1"}"#,
            kind: .forbidden,
            text: "reading the contact list L: 403 Forbidden missing.any.permissions, Unable to perform the requested "
                + "action. You must have at least one of the following permissions assigned: "
                + "[outbound:contact:add, outbound:contactList:view] (request c-1); give the OAuth client a role with "
                + "outbound:contact:add, outbound:contactList:view, in the division of the contact list"
        ),
        Case(
            status: 404,
            body: #"{"code":"resource.not.found","message":5,"limit":[]}"#,
            kind: .notFound,
            text: "reading the contact list L: 404 Not Found resource.not.found"
        ),
        Case(
            status: 409,
            body: "",
            kind: .conflict,
            text: "reading the contact list L: 409 Conflict"
        ),
        Case(
            status: 413,
            body: "<html>\u{FFFD}too large</html>",
            kind: .refused,
            text: "reading the contact list L: 413 Content Too Large"
        ),
        Case(
            status: 418,
            body: #"{"code":"Ada Lovelace, +15551234567"}"#,
            kind: .refused,
            text: "reading the contact list L: status 418"
        ),
        Case(
            status: 500,
            body: "[1]",
            kind: .serverFailure,
            text: "reading the contact list L: 500 Internal Server Error"
        ),
        Case(
            status: 302,
            body: "",
            kind: .unexpectedAnswer,
            text: "reading the contact list L: status 302"
        ),
    ]

    @Test(arguments: cases)
    func anErrorSaysWhatWhereAndWhatToDo(_ expected: Case) async throws {
        let genesys = try FakeGenesys(Reply(expected.status, expected.body))
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(id: "L") }
        #expect(error.kind == expected.kind)
        #expect(error.status == expected.status)
        #expect(error.description == expected.text)
    }

    @Test func theServersWordsAreForDebuggingOnly() async throws {
        let genesys = try FakeGenesys(Reply(400, #"{"message":"bad number +15551234567","code":"bad.request"}"#))
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(id: "L") }
        #expect(!"\(error)".contains("5551234567"))
        #expect(!error.localizedDescription.contains("5551234567"))
        #expect(error.debugDescription.hasSuffix("the server says: bad number +15551234567"))
    }

    @Test func missingPermissionsAreReadFromTheParametersToo() async throws {
        let body = #"{"code":"missing.permissions","messageParams":{"permissions":"[outbound:contactList:*]"}}"#
        let genesys = try FakeGenesys(Reply(403, body))
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(id: "L") }
        #expect(error.missingPermissions == ["outbound:contactList:*"])
    }

    @Test(arguments: [
        (["genesys-correlation-id": "a-1", "ININ-Correlation-Id": "b-2"], "a-1"),
        (["inin-correlation-ID": "b-2"], "b-2"),
        ([:], "ctx-3"),
        (["ININ-Correlation-Id": "not a name"], nil),
    ])
    func theCorrelationIDIsTakenFromWhereverItIs(headers: [String: String], id: String?) async throws {
        let genesys = try FakeGenesys(
            Reply(404, headers: headers.map { ($0.key, $0.value) }, #"{"contextId":"ctx-3"}"#)
        )
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(id: "L") }
        #expect(error.correlationID == id)
    }

    @Test func aLoginPageInPlaceOfTheAPIIsUnexpected() async throws {
        let genesys = try FakeGenesys(Reply(200, headers: [("Content-Type", "text/html")], "<html>Ada</html>"))
        let client = try genesys.client()
        let error = try await failure { try await client.contactList(id: "L") }
        #expect(error.kind == .unexpectedAnswer)
        #expect(error.description.contains("status 200, but 16 bytes (text/html) that are not a contact list"))
        #expect(!error.debugDescription.contains("Ada"))
    }
}
