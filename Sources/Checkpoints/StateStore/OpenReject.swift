internal import Foundation
internal import PostgresClient

/// A row that was refused, as the next run needs to know it.
public struct OpenReject: Sendable, Hashable {
    /// As `Reject.key`.
    public let key: String
    /// As `Reject.keyValues`.
    public let keyValues: [String]?
    public let attempts: Int
    /// As `Reject.content`.
    public let content: [UInt8]?
}

extension OpenReject {
    init(_ row: PostgresRow) throws {
        key = try row.value("key")
        keyValues = try row["key_values"].map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }
        attempts = try row.value("attempts")
        content = try row["content"].flatMap(Hexadecimal.bytes)
    }
}
