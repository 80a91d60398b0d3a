/// A change of many contacts that takes its time, and is made at its end.
struct BulkJob: Sendable {
    /// What the service tells of a job.
    struct Body: Encodable {
        let id: String
        let state: String
        let type = "BulkEdit"
        let totalRecords: Int
        let completedRecords: Int
        let percentComplete: Int
        let selfUri: String
    }

    let id: String
    /// The contacts that are still to be changed, each once.
    var contactIDs: [String]
    /// What changes; the columns without a value stay.
    let patch: IncomingContact
    /// The contacts that it found when it began.
    let totalRecords: Int
    let due: Duration
    /// The contacts that it changed; nil until it is done.
    var completedRecords: Int?

    func body(list: String) -> Body {
        Body(
            id: id,
            state: completedRecords == nil ? "InProgress" : "Complete",
            totalRecords: totalRecords,
            completedRecords: completedRecords ?? 0,
            percentComplete: completedRecords == nil ? 0 : 100,
            selfUri: "/api/v2/outbound/contactlists/\(list)/contacts/bulk/jobs/\(id)"
        )
    }
}
