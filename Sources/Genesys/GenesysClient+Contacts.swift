internal import CurlHTTP
internal import Foundation

extension GenesysClient {
    /// The most contacts that one `addContacts` may carry.
    public static let maximumContactsPerAdd = 1_000
    /// The most ids that one look-up of contacts may carry.
    public static let maximumContactsPerLookUp = 50

    /// Adds contacts to a list, or updates those whose id it has.
    ///
    /// The answer comes back as it is: a JSON array of contacts, whose ids `ContactIDScanner` reads.
    ///
    /// The request is repeated when its outcome is unknown. That is harmless only under two conditions which are the
    /// caller's to keep: **every contact has an id**, and `doNotQueue` is true.
    ///
    /// - Parameters:
    ///   - listID: the list's id, not its name.
    ///   - body: a JSON array of at most `maximumContactsPerAdd` contacts, sent as it is.
    ///   - doNotQueue: leaves contacts that exist where they are in the dialling queue; with false they are dialled again.
    ///   - priority: true puts contacts at the front of the queue, false at its end; left out, the service decides.
    ///   - clearSystemData: true wipes attempts and call results of contacts that exist.
    /// - Returns: the bytes of the answer.
    /// - Throws: `GenesysError`; a refusal does not say which contact was the reason.
    public func addContacts(
        to listID: String,
        body: [UInt8],
        doNotQueue: Bool = true,
        priority: Bool? = nil,
        clearSystemData: Bool? = nil
    ) async throws -> [UInt8] {
        var query = [(name: "doNotQueue", value: "\(doNotQueue)")]
        if let priority {
            query.append(("priority", "\(priority)"))
        }
        if let clearSystemData {
            query.append(("clearSystemData", "\(clearSystemData)"))
        }
        let call = APICall(
            "adding contacts to the list \(listID)",
            .post,
            path: "outbound/contactlists/\(APICall.pathSegment(listID))/contacts",
            query: query,
            body: body
        )
        return try await perform(call).body
    }

    /// The contacts of these ids that the list has, in no particular order; those it has not are left out.
    ///
    /// At most `maximumContactsPerLookUp` ids may be given.
    public func contacts(listID: String, ids: [String]) async throws -> [Contact] {
        let operation = "reading contacts of the list \(listID)"
        try check(ids, limit: Self.maximumContactsPerLookUp, operation: operation)
        let call = APICall(
            operation,
            .post,
            path: "outbound/contactlists/\(APICall.pathSegment(listID))/contacts/bulk",
            body: Array(try JSONEncoder().encode(ids))
        )
        return try decode(
            [Contact].self,
            from: await perform(call),
            operation: operation,
            expected: "an array of contacts"
        )
    }

    /// - Throws: a refusal, before anything is sent, for more ids than one request may carry.
    func check(_ ids: [String], limit: Int, operation: String) throws {
        guard ids.count <= limit else {
            throw GenesysError(
                operation: operation,
                kind: .refused,
                message: "\(ids.count) ids are more than the \(limit) that one request may carry"
            )
        }
    }
}
