import Foundation
import Synchronization

/// All that a running simulator holds, shared by its request handlers and its in-process interface.
final class SimulatorCore: Sendable {
    let options: SimulatorOptions
    let timeline: Timeline
    let organization = Organization()
    let behaviour: Mutex<Behaviour>
    let tokens = Mutex(TokenRegistry())
    let faults: Mutex<FaultInjector>
    let statistics = Mutex(SimulatorStatistics())
    /// Shuffles answers.
    let generator: Mutex<SeededGenerator>

    init(_ options: SimulatorOptions) {
        self.options = options
        timeline = Timeline(options.clock)
        behaviour = Mutex(options.behaviour)
        faults = Mutex(FaultInjector(options.faults, seed: options.seed))
        generator = Mutex(SeededGenerator(seed: options.seed))
    }

    /// Returns to the state at start; tokens that were issued are no longer good.
    func reset() {
        organization.removeAll()
        behaviour.withLock { $0 = options.behaviour }
        tokens.withLock { $0 = TokenRegistry() }
        faults.withLock { $0 = FaultInjector(options.faults, seed: options.seed) }
        statistics.withLock { $0 = SimulatorStatistics() }
        generator.withLock { $0 = SeededGenerator(seed: options.seed) }
    }

    /// Replaces the faults; without a seed the draws start over from that of the options.
    func setFaults(_ new: [Fault], seed: UInt64?) {
        faults.withLock { $0 = FaultInjector(new, seed: seed ?? options.seed) }
    }

    /// Does the work that has come due: exports, and jobs with their effect.
    ///
    /// There is no task for it; whoever looks calls this first.
    func settle() {
        let delay = behaviour.withLock { $0.readDelaySeconds }
        let count = organization.settle(at: timeline.elapsed(), timeline: timeline, readDelay: .seconds(delay))
        if count > 0 { statistics.withLock { $0.contactsMadeUncallable += count } }
    }

    /// How long a write made now is hidden from reads; nil if it is not.
    func hiding() -> ContactTable.Hiding? {
        let delay = behaviour.withLock { $0.readDelaySeconds }
        guard delay > 0 else { return nil }
        let now = timeline.elapsed()
        return ContactTable.Hiding(from: now, until: now + .seconds(delay))
    }

    /// Calls the next contacts of a list's queue; nil if there is no such list.
    func dial(_ count: Int, in list: String, result: String) -> [String]? {
        guard let body = organization.body(of: list) else { return nil }
        let column = body.phoneColumns?.first?.columnName
        let date = timeline.date
        let dialed = organization.withContacts(of: list) { contacts in
            contacts.dial(count, phoneColumn: column, result: result, date: date)
        }
        guard let dialed else { return nil }
        statistics.withLock {
            $0.contactsDialed += dialed.ids.count
            $0.contactsDialedAgain += dialed.again
        }
        return dialed.ids
    }

    /// Makes all the edits or none; they are not counted in the statistics.
    /// - Returns: False if there is no such list.
    /// - Throws: `SimulatorError` if one cannot be made.
    func edit(_ edits: [ContactEdit], in list: String) throws -> Bool {
        guard let columns = organization.body(of: list)?.columnNames else { return false }
        let date = timeline.date
        let isDone: Void? = try organization.withContacts(of: list) { contacts in
            var edited = contacts
            try edited.make(edits, columns: columns, date: date)
            contacts = edited
        }
        return isDone != nil
    }

    /// All contacts of a list, sorted by id, whatever reads of the API see yet; nil if there is no such list.
    func contactIDs(of list: String) -> [String]? {
        organization.withContacts(of: list) { $0.ids() }
    }

    /// The contacts with these ids, as far as they exist.
    func contacts(_ ids: some Collection<String>, of list: String) -> [SimulatedContact] {
        guard let columns = organization.body(of: list)?.columnNames else { return [] }
        return organization.storedContacts(ids, in: list).map { id, contact in
            SimulatedContact(id: id, contact: contact, columns: columns)
        }
    }

    /// All lists, sorted by name.
    func lists() -> [SimulatedContactList] {
        organization.lists().map { body, size in
            SimulatedContactList(
                id: body.id ?? "",
                name: body.name ?? "",
                columnNames: body.columnNames ?? [],
                phoneColumns: (body.phoneColumns ?? []).compactMap(\.columnName),
                version: body.version ?? 0,
                dateCreated: body.dateCreated ?? .distantPast,
                size: size
            )
        }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }
}

extension SimulatedContact {
    fileprivate init(id: String, contact: StoredContact, columns: [String]) {
        let pairs = zip(columns, contact.row.values).compactMap { column, value in value.map { (column, $0) } }
        self.init(
            id: id,
            data: Dictionary(uniqueKeysWithValues: pairs),
            callable: contact.status.callable,
            queuePosition: contact.queuePosition,
            dialCount: contact.dialCount,
            callRecords: contact.callRecords
        )
    }
}
