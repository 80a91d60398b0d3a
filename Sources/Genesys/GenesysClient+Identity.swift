internal import CurlHTTP

/// What the service knows of the token: whose it is, and through which OAuth client.
public struct TokenInfo: Sendable, Equatable, Decodable {
    public struct Organization: Sendable, Equatable, Decodable {
        public let id: String
        public let name: String?
    }

    public struct OAuthClient: Sendable, Equatable, Decodable {
        public let id: String?
        public let name: String?
        /// `active`, `disabled` or `inactive`.
        public let state: String?
        public let roleDivisions: [RoleDivision]?
    }

    /// A role of the client, and the division in which it counts.
    public struct RoleDivision: Sendable, Equatable, Decodable {
        public let roleId: String
        public let divisionId: String
    }

    public let organization: Organization?
    public let oauthClient: OAuthClient?

    private enum CodingKeys: String, CodingKey {
        case organization
        case oauthClient = "OAuthClient"
    }
}

/// A role granted to the client in a division.
public struct Grant: Sendable, Equatable, Decodable {
    public struct Role: Sendable, Equatable, Decodable {
        public let id: String?
        public let name: String?
        public let policies: [Policy]?
    }

    /// The permissions `domain:entityName:action` for each of the actions; any part may be the wildcard `*`.
    public struct Policy: Sendable, Equatable, Decodable {
        public let domain: String?
        public let entityName: String?
        public let actions: [String]?
    }

    public let division: Division?
    public let role: Role?
}

private struct Subject: Decodable {
    let grants: [Grant]?
}

extension GenesysClient {
    /// What the service knows of the present token; needs no permission, so it also tells whether the token is accepted.
    public func currentToken() async throws -> TokenInfo {
        let call = APICall("reading the token's details", path: "tokens/me")
        return try decode(
            TokenInfo.self,
            from: await perform(call),
            operation: call.operation,
            expected: "a token's details"
        )
    }

    /// The roles of the OAuth client with their permissions; needs no permission itself.
    public func grants() async throws -> [Grant] {
        let call = APICall("reading the client's permissions", path: "authorization/subjects/me")
        return try decode(
            Subject.self,
            from: await perform(call),
            operation: call.operation,
            expected: "a list of grants"
        ).grants ?? []
    }
}
