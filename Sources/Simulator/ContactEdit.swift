/// A change that somebody makes to a contact past the client: an administrator in the service's pages, or another
/// integration.
///
/// As JSON, at `/simulator/lists/{id}/edits`: an array of objects such as `{"edit": "set", "id": "7", "data": {"Phone": "1"}}`,
/// with `set`, `delete`, `add` or `callable` for `edit`; an unknown key is refused.
public enum ContactEdit: Sendable, Equatable {
    /// Changes the named columns only.
    case set(id: String, data: [String: String])
    case delete(id: String)
    /// Adds a contact that is not there yet, at the end of the dial queue; columns that are left out are empty. Any id is taken: which ones
    /// the service refuses, whoever makes them, is not published.
    case add(id: String, data: [String: String])
    case callable(id: String, Bool)
}

extension ContactEdit: Decodable {
    private enum Kind: String, Decodable {
        case set
        case delete
        case add
        case callable
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let id = try values.decode(String.self, forKey: .id)
        switch try values.decode(Kind.self, forKey: .edit) {
        case .set: self = .set(id: id, data: try values.decode([String: String].self, forKey: .data))
        case .delete: self = .delete(id: id)
        case .add: self = .add(id: id, data: try values.decode([String: String].self, forKey: .data))
        case .callable: self = .callable(id: id, try values.decode(Bool.self, forKey: .callable))
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case edit
        case id
        case data
        case callable
    }
}
