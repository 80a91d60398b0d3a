import Foundation
import HTTPTypes
import Synchronization

/// The contact lists of the simulated organization.
///
/// Safe to use from any task.
final class Organization: Sendable {
    static let divisionID = "f0000000-0000-4000-8000-000000000001"

    /// A list with its contacts.
    struct List: Sendable {
        var body: ContactListBody
        var contacts = ContactTable()
        var exports = ListExports()
        /// In the order in which they began.
        var jobs: [BulkJob] = []
        /// When reads see the list.
        var shows: Duration
    }

    /// How many contacts are worked through before others get their turn.
    private static let sliceSize = 4_096

    private let lists = Mutex<[String: List]>([:])

    /// Stores a checked list.
    ///
    /// Its name must not be taken.
    func create(_ body: ContactListBody, date: Date, shows: Duration) throws -> ContactListBody {
        try lists.withLock { lists in
            try Self.checkNameIsFree(body.name, in: lists, except: nil)
            guard lists.count < ContactListRules.listLimit else {
                throw APIError.badRequest(
                    "max.entity.count.reached",
                    "The maximum contact list count has been reached.",
                    limit: APIError.Limit(
                        key: "contact.lists.max",
                        namespace: "outbound",
                        value: ContactListRules.listLimit
                    )
                )
            }
            let id = UUID().uuidString.lowercased()
            var list = body
            list.id = id
            list.version = 1
            list.dateCreated = date
            list.dateModified = date
            list.division = body.division ?? ContactListBody.Reference(id: Self.divisionID, name: "Home")
            list.trimWhitespace = body.trimWhitespace ?? true
            list.size = nil
            list.selfUri = "/api/v2/outbound/contactlists/\(id)"
            lists[id] = List(body: list, shows: shows)
            return list
        }
    }

    /// Replaces what may change of a list.
    func update(_ id: String, with body: ContactListBody, date: Date) throws -> ContactListBody {
        try lists.withLock { lists in
            guard let old = lists[id]?.body else { throw APIError.resourceNotFound }
            guard let version = body.version else {
                throw APIError.badRequest("invalid.update", "The version of the contact list must be provided.")
            }
            guard version == old.version else {
                throw APIError(
                    .conflict,
                    code: "invalid.update.wrong.version",
                    message: "The contact list was changed by another request; its version is \(old.version ?? 0)."
                )
            }
            try ContactListRules.checkUpdate(of: old, to: body)
            try Self.checkNameIsFree(body.name, in: lists, except: id)
            var list = body
            list.id = id
            list.version = version + 1
            list.dateCreated = old.dateCreated
            list.dateModified = date
            list.division = body.division ?? old.division
            list.size = nil
            list.selfUri = old.selfUri
            lists[id]?.body = list
            return list
        }
    }

    /// Removes a list with its contacts.
    func removeList(_ id: String) throws {
        try lists.withLock { lists in
            guard lists.removeValue(forKey: id) != nil else { throw APIError.resourceNotFound }
        }
    }

    /// Removes everything.
    func removeAll() {
        lists.withLock { $0 = [:] }
    }

    /// The lists that a read at `now` sees, or all, in no order, each with its size.
    func lists(visibleAt now: Duration? = nil) -> [(body: ContactListBody, size: Int)] {
        lists.withLock { lists in
            lists.values.filter { now ?? $0.shows >= $0.shows }.map { ($0.body, $0.contacts.count) }
        }
    }

    /// The list as a read at `now` sees it, with its size; nil if it sees none.
    func visibleList(_ id: String, at now: Duration) -> (body: ContactListBody, size: Int)? {
        lists.withLock { lists in
            guard let list = lists[id], now >= list.shows else { return nil }
            return (list.body, list.contacts.count)
        }
    }

    /// What the list is, without its contacts and whether or not reads see it; nil if there is none.
    func body(of id: String) -> ContactListBody? {
        lists.withLock { $0[id]?.body }
    }

    /// Works with the contacts of a list while nobody else does; nil if there is no such list.
    func withContacts<Result>(of id: String, _ work: (inout ContactTable) throws -> sending Result) rethrows -> Result?
    {
        try withList(id) { try work(&$0.contacts) }
    }

    /// Works with a list while nobody else does; nil if there is none.
    func withList<Result>(_ id: String, _ work: (inout List) throws -> sending Result) rethrows -> Result? {
        try lists.withLock { lists in
            guard let index = lists.index(forKey: id) else { return nil }
            return try work(&lists.values[index])
        }
    }

    /// Does the work of all lists that has come due by `now`.
    ///
    /// A write that it makes is hidden from reads for `readDelay`.
    /// - Returns: How many contacts it made uncallable.
    func settle(at now: Duration, timeline: Timeline, readDelay: Duration) -> Int {
        lists.withLock { lists in
            var madeUncallable = 0
            for index in lists.values.indices where lists.values[index].isDue(at: now) {
                let before = lists.values[index].contacts.madeUncallable
                lists.values[index].settle(at: now, timeline: timeline, readDelay: readDelay)
                madeUncallable += lists.values[index].contacts.madeUncallable - before
            }
            return madeUncallable
        }
    }

    /// The export with this id, and its list; nil if there is none, or a later one took its place.
    func export(_ id: String) -> (list: ContactListBody, export: ListExports.Export)? {
        lists.withLock { lists in
            for list in lists.values {
                if let export = list.exports.latest, export.id == id { return (list.body, export) }
            }
            return nil
        }
    }

    /// The ids of the contacts that a read at `now` sees, sorted; nil if there is no such list.
    func ids(in list: String, at now: Duration) -> [String]? {
        withContacts(of: list) { $0.visibleIDs(at: now) }
    }

    /// The ids of the visible contacts that match, sorted; nil if there is no such list.
    ///
    /// The contacts are looked at in slices, so one that is written meanwhile may be seen or not.
    func ids(in list: String, at now: Duration, where matches: (String, StoredContact) -> Bool) -> [String]? {
        guard let candidates = self.ids(in: list, at: now) else { return nil }
        var ids: [String] = []
        for start in stride(from: 0, to: candidates.count, by: Self.sliceSize) {
            let slice = candidates[start..<min(start + Self.sliceSize, candidates.count)]
            ids += contacts(slice, in: list, at: now).filter(matches).map(\.id)
        }
        return ids
    }

    /// The contacts with these ids as they are, whatever reads see yet.
    func storedContacts(
        _ ids: some Collection<String>,
        in list: String
    ) -> [(id: String, contact: StoredContact)] {
        withContacts(of: list) { table in ids.compactMap { id in table[id].map { (id, $0) } } } ?? []
    }

    /// The contacts with these ids that a read at `now` sees, in the order of the ids.
    func contacts(
        _ ids: some Collection<String>,
        in list: String,
        at now: Duration
    ) -> [(id: String, contact: StoredContact)] {
        lists.withLock { lists in
            guard let table = lists[list]?.contacts else { return [] }
            return ids.compactMap { id in table.visible(id, at: now).map { (id, $0) } }
        }
    }

    private static func checkNameIsFree(_ name: String?, in lists: [String: List], except id: String?) throws {
        guard !lists.contains(where: { $0.key != id && $0.value.body.name == name }) else {
            throw APIError.badRequest("duplicate.name", "The name already exists.")
        }
    }
}
