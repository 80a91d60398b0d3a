internal import CurlHTTP
internal import Foundation

private struct ContactListPage: Decodable {
    let entities: [ContactList]?
    let pageCount: Int?
}

extension GenesysClient {
    /// The largest page the service gives.
    private static let pageSize = 100

    /// The list of exactly this name, letter by letter, or nil.
    ///
    /// - Throws: `GenesysError` of kind `conflict` if several lists in reach have the name.
    public func contactList(named name: String) async throws -> ContactList? {
        let operation = "looking for the contact list \"\(name)\""
        var found: [ContactList] = []
        var pageNumber = 1
        while true {
            let page = try await page(pageNumber, named: name, operation: operation)
            let lists = page.entities ?? []
            // The server's own comparison may be milder, for example in case.
            found += lists.filter { $0.name.utf8.elementsEqual(name.utf8) }
            guard !lists.isEmpty, pageNumber < page.pageCount ?? 1 else { break }
            pageNumber += 1
        }
        guard found.count <= 1 else {
            throw GenesysError(
                operation: operation,
                kind: .conflict,
                message: "there are \(found.count) lists of that name: "
                    + found.map { "\($0.id) in division \($0.division?.name ?? "?")" }.joined(separator: ", "),
                hint: "rename one, or give the OAuth client a role in one of the divisions only"
            )
        }
        return found.first
    }

    public func contactList(id: String) async throws -> ContactList {
        let call = APICall(
            "reading the contact list \(id)",
            path: "outbound/contactlists/\(APICall.pathSegment(id))"
        )
        return try decode(
            ContactList.self,
            from: await perform(call),
            operation: call.operation,
            expected: "a contact list"
        )
    }

    /// Makes the list and returns it with its id.
    ///
    /// If the answer to the request is lost, the list is looked up by its name before the request is repeated, so that no
    /// second list comes into being; a list that was found in this way is returned if it has the columns asked for.
    public func createContactList(_ list: NewContactList) async throws -> ContactList {
        let operation = "creating the contact list \"\(list.name)\""
        let call = APICall(
            operation,
            .post,
            path: "outbound/contactlists",
            body: Array(try JSONEncoder().encode(list)),
            isRepeatable: false
        )
        var mayExist = false
        return try await retrier.run {
            if mayExist, let made = try await contactList(named: list.name) {
                return .succeeded(try checked(made, is: list, operation: operation))
            }
            do {
                let answer = try await perform(call)
                return .succeeded(
                    try decode(ContactList.self, from: answer, operation: operation, expected: "a contact list")
                )
            } catch let error as GenesysError where error.isOutcomeLost {
                mayExist = true
                return .failed(error, .backOff(nil))
            } catch let error as GenesysError where mayExist && error.code == "duplicate.name" {
                // The lost request did take effect, only the look-up lags behind.
                return .failed(error, .backOff(nil))
            }
        }
    }

    private func page(_ number: Int, named name: String, operation: String) async throws -> ContactListPage {
        let call = APICall(
            operation,
            path: "outbound/contactlists",
            query: [
                ("filterType", "Equals"), ("name", name), ("pageSize", "\(Self.pageSize)"), ("pageNumber", "\(number)"),
                ("allowEmptyResult", "true"),
            ]
        )
        return try decode(
            ContactListPage.self,
            from: await perform(call),
            operation: operation,
            expected: "a page of contact lists"
        )
    }

    private func checked(_ made: ContactList, is wanted: NewContactList, operation: String) throws -> ContactList {
        guard made.columnNames == wanted.columnNames, made.phoneColumns == wanted.phoneColumns,
            made.emailColumns == wanted.emailColumns
        else {
            throw GenesysError(
                operation: operation,
                kind: .conflict,
                message: "a list of that name exists, with other columns",
                hint: "choose another name, or use the columns of the list \(made.id)"
            )
        }
        return made
    }
}

extension GenesysError {
    /// Whether a passing fault has kept from us what became of the request.
    fileprivate var isOutcomeLost: Bool {
        mayHaveTakenEffect && (kind == .unavailable || kind == .transport)
    }
}
