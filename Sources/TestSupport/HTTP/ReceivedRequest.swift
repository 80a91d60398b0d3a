/// A request as the test server read it.
public struct ReceivedRequest: Sendable {
    /// Counts the server's requests from 0, in the order in which they were complete.
    public let number: Int
    /// Counts the server's connections from 0; the same for requests on one kept-alive connection.
    public let connection: Int
    public let method: String
    /// Path and query as sent.
    public let target: String
    /// By name in lower case; of repeated fields the last.
    public let headers: [String: String]
    public let body: [UInt8]

    /// The target without its query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    public var text: String { String(decoding: body, as: UTF8.self) }
}
