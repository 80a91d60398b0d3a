import Foundation

/// The contacts of one list and their dial queue.
struct ContactTable: Sendable {
    /// How a POST treats the dial queue and the state that the dialler keeps.
    struct PostOptions: Sendable {
        /// To the front of the queue, not to its end.
        var priority = false
        /// Wipes what the dialler noted about contacts that exist.
        var clearSystemData = false
        /// Leaves contacts that exist where they are in the queue, or out of it.
        var doNotQueue = false
    }

    /// What a POST did to a contact.
    enum Change {
        case created
        case updated
        /// It was there already, and is as it was.
        case repeated
    }

    /// How long a write is hidden from reads.
    struct Hiding: Sendable {
        var from: Duration
        var until: Duration
    }

    /// What reads see of a contact while a write to it is hidden.
    private struct Earlier {
        var contact: StoredContact?
        var until: Duration
    }

    /// How often a contact that was callable was made uncallable, over all time.
    private(set) var madeUncallable = 0
    private var contacts: [String: StoredContact] = [:]
    private var earlier: [String: Earlier] = [:]
    private var sortedIDs: [String]?
    /// The positions of the next contacts at the front and at the end of the queue.
    private var front = -1
    private var end = 0

    var count: Int { contacts.count }

    /// All ids, sorted; kept until a contact comes or goes.
    mutating func ids() -> [String] {
        if let sortedIDs { return sortedIDs }
        let ids = contacts.keys.sorted()
        sortedIDs = ids
        return ids
    }

    subscript(id: String) -> StoredContact? { contacts[id] }

    /// The contact as a read at `now` sees it.
    func visible(_ id: String, at now: Duration) -> StoredContact? {
        if let earlier = earlier[id], now < earlier.until { return earlier.contact }
        return contacts[id]
    }

    /// The ids of the contacts that a read at `now` sees, sorted.
    mutating func visibleIDs(at now: Duration) -> [String] {
        earlier = earlier.filter { now < $0.value.until }
        if earlier.isEmpty { return ids() }
        let deleted = earlier.keys.filter { contacts[$0] == nil }
        return (ids() + deleted).filter { visible($0, at: now) != nil }.sorted()
    }

    /// Makes room in the queue for a batch; returns the position of its first contact.
    mutating func reserveQueue(_ count: Int, priority: Bool) -> Int {
        if priority {
            front -= count
            return front + 1
        }
        end += count
        return end - count
    }

    /// Stores a checked contact under its id; `queuePosition` is where it goes in the queue, if it goes there, and
    /// `hiding` how long reads do not see it.
    mutating func post(
        _ incoming: IncomingContact,
        id: String,
        options: PostOptions,
        queuePosition: Int,
        date: Date,
        hiding: Hiding?
    ) -> Change {
        guard let old = contacts[id] else {
            var contact = StoredContact(row: incoming.row, dateCreated: date)
            contact.status.apply(incoming)
            contact.queuePosition = queuePosition
            hide(id, behind: nil, for: hiding)
            contacts[id] = contact
            sortedIDs = nil
            return .created
        }
        var contact = old
        contact.row = incoming.missingColumn == nil ? incoming.row : incoming.row.filled(from: old.row)
        if options.clearSystemData {
            contact.status = StoredContact.Status()
            contact.callRecords = [:]
        }
        contact.status.apply(incoming)
        if !options.doNotQueue { contact.queuePosition = queuePosition }
        hide(id, behind: old, for: hiding)
        contacts[id] = contact
        if old.status.callable, !contact.status.callable { madeUncallable += 1 }
        let isSame =
            contact.row == old.row && contact.status == old.status && contact.callRecords == old.callRecords
            && contact.queuePosition == old.queuePosition
        return isSame ? .repeated : .updated
    }

    /// Changes a contact that exists, by `PUT` or a bulk job: its place in the queue stays.
    mutating func update(_ incoming: IncomingContact, id: String, hiding: Hiding?) {
        guard let old = contacts[id] else { return }
        var contact = old
        hide(id, behind: old, for: hiding)
        contact.row = incoming.missingColumn == nil ? incoming.row : incoming.row.filled(from: old.row)
        contact.status.apply(incoming)
        contacts[id] = contact
        if old.status.callable, !contact.status.callable { madeUncallable += 1 }
    }

    /// Removes a contact; false if there is none.
    mutating func remove(_ id: String, hiding: Hiding?) -> Bool {
        guard let contact = contacts.removeValue(forKey: id) else { return false }
        hide(id, behind: contact, for: hiding)
        sortedIDs = nil
        return true
    }

    /// Calls the next contacts of the queue that are callable, as a campaign would.
    /// - Returns: Their ids in the order of the calls, and how many of them had been dialled before.
    mutating func dial(_ count: Int, phoneColumn: String?, result: String, date: Date) -> (ids: [String], again: Int) {
        let queue = contacts.compactMap { id, contact in
            contact.status.callable ? contact.queuePosition.map { (position: $0, id: id) } : nil
        }
        let ids = queue.sorted { $0.position < $1.position }.prefix(max(count, 0)).map(\.id)
        var again = 0
        for id in ids {
            guard var contact = contacts[id] else { continue }
            if contact.dialCount > 0 { again += 1 }
            contact.dialCount += 1
            contact.queuePosition = nil
            if let phoneColumn {
                contact.callRecords[phoneColumn] = SimulatedContact.CallRecord(lastAttempt: date, lastResult: result)
            }
            contacts[id] = contact
        }
        return (ids, again)
    }

    /// Lets reads go on seeing what they see now; a write that is still hidden stays hidden with the new one.
    private mutating func hide(_ id: String, behind contact: StoredContact?, for hiding: Hiding?) {
        guard let hiding else { return }
        if let earlier = earlier[id], hiding.from < earlier.until {
            self.earlier[id]?.until = hiding.until
        } else {
            earlier[id] = Earlier(contact: contact, until: hiding.until)
        }
    }
}

extension StoredContact.Status {
    /// Takes what the client sets; what it leaves out stays.
    fileprivate mutating func apply(_ incoming: IncomingContact) {
        callable = incoming.callable ?? callable
        phoneNumbers.merge(incoming.phoneNumbers ?? [:]) { $1 }
        contactable.merge(incoming.contactable ?? [:]) { $1 }
    }
}
