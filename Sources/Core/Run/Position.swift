/// Where a source can go on: JSON that only the source that made it understands.
public struct Position: Sendable, Hashable, CustomStringConvertible {
    public let json: String

    /// - Parameter json: a JSON document as it was stored.
    public init(json: String) {
        self.json = json
    }

    public var description: String { json }
}
