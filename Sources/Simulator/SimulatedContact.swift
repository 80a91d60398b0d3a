public import Foundation

/// A contact as the simulator holds it, with the state of the dialler that the service keeps to itself.
public struct SimulatedContact: Sendable, Equatable {
    /// The last call to one phone column.
    public struct CallRecord: Sendable, Equatable {
        public var lastAttempt: Date
        public var lastResult: String
    }

    public let id: String
    public let data: [String: String]
    public let callable: Bool
    /// The place in the dial queue: lower is dialled sooner, negative was put in front by `priority`, nil waits for no
    /// call.
    ///
    /// Calls to others do not move it.
    public let queuePosition: Int?
    /// Calls ever made to it; nothing a client does resets this.
    public let dialCount: Int
    /// The last call by phone column; `clearSystemData` empties it.
    public let callRecords: [String: CallRecord]
}

/// A contact list as the simulator holds it.
public struct SimulatedContactList: Sendable, Equatable, Encodable {
    public let id: String
    public let name: String
    public let columnNames: [String]
    public let phoneColumns: [String]
    public let version: Int
    public let dateCreated: Date
    /// The number of contacts.
    public let size: Int

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case columnNames = "column_names"
        case phoneColumns = "phone_columns"
        case version
        case dateCreated = "date_created"
        case size
    }
}
