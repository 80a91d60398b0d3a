/// Id and secret of an OAuth client of the type "Client Credentials".
public struct GenesysCredentials: Sendable {
    public let clientID: String
    let clientSecret: String

    public init(clientID: String, clientSecret: String) {
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}

extension GenesysCredentials: CustomStringConvertible, CustomReflectable {
    public var description: String { "client \(clientID), secret <redacted>" }

    /// Keeps the secret out of `dump` and of test failures.
    public var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }
}
