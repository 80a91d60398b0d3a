internal import CurlHTTP
internal import Foundation

/// The change of many contacts that the service makes after its answer.
private struct BulkJob: Decodable {
    struct FailureReason: Decodable {
        let message: String?
        let code: String?
    }

    let id: String
    /// `InProgress`, `Complete` or `Failed`.
    let state: String
    let failureReason: FailureReason?

    var isInProgress: Bool { state == "InProgress" }
}

/// What the service is to do with the contacts.
private struct BulkUpdate: Encodable {
    struct Patch: Encodable {
        let callable: Bool
    }

    let contactIds: [String]
    let contact: Patch
    /// Whether the service keeps the contacts as they were, for a download.
    let generateDownloadURI: Bool
}

extension GenesysClient {
    /// The most contacts that one `deleteContacts` may name.
    ///
    /// The service allows 250, but the ids travel in the URL, for whose length no limit is documented.
    public static let maximumContactsPerDelete = 100
    /// The most contacts that one `makeUncallable` may name; the service documents no limit.
    public static let maximumContactsPerUpdate = 1_000

    /// Look-ups of a job in a row that may not find it: a read may lag behind the write.
    private static let maximumMissesOfJob = 10

    /// Deletes the contacts of these ids; ids that the list does not have are passed over.
    ///
    /// **Success does not mean that they are gone.** Contacts that a campaign uses at the moment stay, and the answer does
    /// not say which: read the ids back with `contacts(listID:ids:)` to know. Deleting again does no harm.
    ///
    /// At most `maximumContactsPerDelete` ids may be given; with none, nothing is sent.
    public func deleteContacts(listID: String, ids: [String]) async throws {
        let operation = "deleting contacts of the list \(listID)"
        try check(ids, limit: Self.maximumContactsPerDelete, operation: operation)
        let contacts = "outbound/contactlists/\(APICall.pathSegment(listID))/contacts"
        // The service may take a comma for the end of an id, and delete others.
        let together = ids.filter { !$0.contains(",") }
        if !together.isEmpty {
            let query = together.map { (name: "contactIds", value: $0) }
            _ = try await perform(APICall(operation, .delete, path: contacts, query: query))
        }
        for id in ids where id.contains(",") {
            do {
                _ = try await perform(APICall(operation, .delete, path: "\(contacts)/\(APICall.pathSegment(id))"))
            } catch let error as GenesysError where error.kind == .notFound || error.kind == .refused {
                // As in the request for many, which says nothing of those that stay.
            }
        }
    }

    /// Keeps the dialler from calling the contacts of these ids, and returns when the service has done so.
    ///
    /// Nothing else of the contacts changes, and none is dialled or moved in the queue. What becomes of ids that the list
    /// does not have is not documented.
    ///
    /// At most `maximumContactsPerUpdate` ids may be given; with none, nothing is sent.
    ///
    /// - Throws: `GenesysError`, of kind `serverFailure` if the service gave up half-way: some of the contacts may then be
    ///   changed. Trying again does no harm.
    public func makeUncallable(listID: String, ids: [String]) async throws {
        let operation = "making contacts of the list \(listID) uncallable"
        try check(ids, limit: Self.maximumContactsPerUpdate, operation: operation)
        guard !ids.isEmpty else { return }
        let update = BulkUpdate(contactIds: ids, contact: .init(callable: false), generateDownloadURI: false)
        let bulk = "outbound/contactlists/\(APICall.pathSegment(listID))/contacts/bulk"
        let start = APICall(operation, .post, path: "\(bulk)/update", body: Array(try JSONEncoder().encode(update)))
        var job = try await self.job(start)
        if job.isInProgress {
            let look = APICall(operation, path: "\(bulk)/jobs/\(APICall.pathSegment(job.id))")
            var misses = 0
            job = try await poll(operation) {
                do {
                    let job = try await self.job(look)
                    misses = 0
                    return job.isInProgress ? nil : job
                } catch let error as GenesysError where error.kind == .notFound && misses < Self.maximumMissesOfJob {
                    misses += 1
                    return nil
                }
            }
        }
        guard job.state == "Complete" else { throw failure(of: job, operation: operation) }
    }

    private func job(_ call: APICall) async throws -> BulkJob {
        try decode(
            BulkJob.self,
            from: await perform(call),
            operation: call.operation,
            expected: "the state of a bulk job"
        )
    }

    private func failure(of job: BulkJob, operation: String) -> GenesysError {
        let code = job.failureReason?.code.flatMap(ErrorBody.name)
        let id = ErrorBody.name(job.id) ?? ""
        let state = ErrorBody.name(job.state) ?? "unknown"
        return GenesysError(
            operation: operation,
            kind: .serverFailure,
            message: "the job \(id) ended as \(state)" + (code.map { " with \($0)" } ?? ", for no reason given"),
            code: code,
            serverMessage: job.failureReason?.message,
            mayHaveTakenEffect: true
        )
    }
}
