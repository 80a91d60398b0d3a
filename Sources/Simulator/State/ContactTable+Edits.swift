import Foundation

extension ContactTable {
    /// Makes the edits in order; reads see them at once.
    /// - Throws: `SimulatorError` at the first that cannot be made; those before it are then made.
    mutating func make(_ edits: [ContactEdit], columns: [String], date: Date) throws {
        for (index, edit) in edits.enumerated() {
            if let problem = make(edit, columns: columns, date: date) {
                throw SimulatorError(description: "simulator: edit \(index + 1): \(problem)")
            }
        }
    }

    /// Makes the edit, or says why not.
    private mutating func make(_ edit: ContactEdit, columns: [String], date: Date) -> String? {
        switch edit {
        case .set(let id, let data):
            return change(id, IncomingContact(data, columns: columns))
        case .callable(let id, let callable):
            return change(id, IncomingContact([:], columns: columns, callable: callable))
        case .delete(let id):
            return remove(id, hiding: nil) ? nil : Self.missing(id)
        case .add(let id, let data):
            let empty = columns.map { ($0, "") }
            let contact = IncomingContact(data.merging(empty) { given, _ in given }, columns: columns)
            guard self[id] == nil else { return "there is a contact with id \(id) already" }
            guard !id.isEmpty else { return "an id must not be empty" }
            if let problem = ContactRules.problem(withPatch: contact) { return problem.message }
            let position = reserveQueue(1, priority: false)
            _ = post(contact, id: id, options: PostOptions(), queuePosition: position, date: date, hiding: nil)
            return nil
        }
    }

    private mutating func change(_ id: String, _ patch: IncomingContact) -> String? {
        guard self[id] != nil else { return Self.missing(id) }
        if let unknown = patch.unknownColumn { return "the list has no column \(unknown)" }
        if let problem = ContactRules.problem(withPatch: patch) { return problem.message }
        update(patch, id: id, hiding: nil)
        return nil
    }

    private static func missing(_ id: String) -> String {
        "there is no contact with id \(id)"
    }
}
