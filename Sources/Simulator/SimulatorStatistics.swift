/// What a simulator has seen since its start or last reset; as JSON at `/simulator/statistics`.
public struct SimulatorStatistics: Sendable, Equatable, Codable {
    /// Requests to the service's paths, by method and path template, then by status.
    ///
    /// An answer that was withheld counts under `dropped`.
    public var requests: [String: [String: Int]] = [:]
    /// Contact POSTs, whatever became of them.
    public var contactPosts = 0
    public var contactsCreated = 0
    /// Contacts that existed and were changed by a POST.
    public var contactsUpdated = 0
    /// Contacts that existed and were posted again with nothing changed.
    public var contactsRepeated = 0
    /// Rows left out of a request that was otherwise accepted.
    public var contactsSkipped = 0
    public var contactsDeleted = 0
    /// Contacts that a client made uncallable, by whichever operation.
    public var contactsMadeUncallable = 0
    /// Exports that were asked for.
    public var exports = 0
    /// Calls made by the simulated campaign.
    public var contactsDialed = 0
    /// Of these, calls to contacts that had been dialled before: what a careful client never causes.
    public var contactsDialedAgain = 0
    public var tokensIssued = 0
    public var connectionsAccepted = 0
    public var connectionsDropped = 0
    /// Requests received before the wait was over that a 429 had asked of their token.
    public var earlyRequests = 0
    /// Requests struck, by kind of fault.
    public var faults: [String: Int] = [:]

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case requests
        case contactPosts = "contact_posts"
        case contactsCreated = "contacts_created"
        case contactsUpdated = "contacts_updated"
        case contactsRepeated = "contacts_repeated"
        case contactsSkipped = "contacts_skipped"
        case contactsDeleted = "contacts_deleted"
        case contactsMadeUncallable = "contacts_made_uncallable"
        case exports
        case contactsDialed = "contacts_dialed"
        case contactsDialedAgain = "contacts_dialed_again"
        case tokensIssued = "tokens_issued"
        case connectionsAccepted = "connections_accepted"
        case connectionsDropped = "connections_dropped"
        case earlyRequests = "early_requests"
        case faults
    }
}
