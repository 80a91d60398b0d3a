import Synchronization

extension Simulator {
    /// All contact lists, sorted by name.
    public var contactLists: [SimulatedContactList] {
        core.settle()
        return core.lists()
    }

    /// The contacts of a list, sorted by id, as they are: a read delay does not apply here.
    /// - Throws: `SimulatorError` if there is no such list.
    public func contacts(ofList id: String) throws -> [SimulatedContact] {
        core.settle()
        guard let ids = core.contactIDs(of: id) else { throw noList(id) }
        return core.contacts(ids, of: id)
    }

    /// Calls the next contacts of a list's queue, as a running campaign would.
    /// - Returns: The ids of the contacts called, in order; fewer than `count` if the queue ran out.
    /// - Throws: `SimulatorError` if there is no such list.
    @discardableResult
    public func dial(_ count: Int, inList id: String, result: String = Simulator.dialResult) throws -> [String] {
        core.settle()
        guard let ids = core.dial(count, in: id, result: result) else { throw noList(id) }
        return ids
    }

    /// Changes contacts behind the client's back: all the edits in order, or none of them.
    ///
    /// Reads see them at once, and the statistics do not count them.
    /// - Throws: `SimulatorError` if there is no such list, or an edit names an id or a column that is not there.
    public func edit(_ edits: [ContactEdit], inList id: String) throws {
        core.settle()
        guard try core.edit(edits, in: id) else { throw noList(id) }
    }

    /// What was seen since the start or the last reset.
    public var statistics: SimulatorStatistics {
        core.settle()
        return core.statistics.withLock { $0 }
    }

    /// What it does where the service's documentation leaves it open.
    public var behaviour: Behaviour {
        get { core.behaviour.withLock { $0 } }
        set { core.behaviour.withLock { $0 = newValue } }
    }

    /// The faults being injected, with the counts they have left.
    ///
    /// Setting them starts the draws over.
    public var faults: [Fault] {
        get { core.faults.withLock { $0.faults } }
        set { core.setFaults(newValue, seed: nil) }
    }

    /// Forgets lists, tokens and statistics, and returns to the behaviour and faults of the start.
    public func reset() {
        core.reset()
    }

    private func noList(_ id: String) -> SimulatorError {
        SimulatorError(description: "simulator: there is no contact list with id \(id)")
    }
}
