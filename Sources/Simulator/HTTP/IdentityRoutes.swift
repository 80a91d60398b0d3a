import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// What a token can ask about itself.
struct IdentityRoutes {
    private static let organizationID = "f0000000-0000-4000-8000-000000000000"
    private static let roleID = "f0000000-0000-4000-8000-000000000002"

    private struct Entity: Encodable {
        var id: String
        var name: String
    }

    private struct TokenInfo: Encodable {
        let organization: Entity
        let homeOrganization: Entity
        let authorizedScope: [String] = []
        let client: Client

        private enum CodingKeys: String, CodingKey {
            case organization
            case homeOrganization
            case authorizedScope
            case client = "OAuthClient"
        }
    }

    private struct Client: Encodable {
        struct RoleDivision: Encodable {
            let roleId: String
            let divisionId: String
        }

        let id: String
        let name: String
        let authorizedGrantType = "CLIENT-CREDENTIALS"
        let scope: [String] = []
        let roleDivisions: [RoleDivision]
        let state = "active"
        let organization: Entity
    }

    private struct Subject: Encodable {
        let id: String
        let name: String
        let grants: [Grant]
        let selfUri: String
    }

    private struct Grant: Encodable {
        let subjectId: String
        let division: Entity
        let role: Role
    }

    private struct Role: Encodable {
        let id: String
        let name: String
        let policies: [Policy]
    }

    private struct Policy: Encodable {
        let domain: String
        let entityName: String
        let actions: [String]
    }

    private struct OrganizationInfo: Encodable {
        let id: String
        let name: String
        let version = 1
        let state = "active"
        let selfUri = "/api/v2/organizations/me"
    }

    let core: SimulatorCore

    private let organization = Entity(id: organizationID, name: "Simulated organization")

    init(core: SimulatorCore) {
        self.core = core
    }

    func add(to routes: APIRoutes) {
        routes.on(.get, "/tokens/me", needs: nil) { _, _ in try Response(json: tokenInfo) }
        routes.on(.delete, "/tokens/me", needs: nil) { _, context in
            core.tokens.withLock { $0.revoke(context.token) }
            return Response(status: .ok)
        }
        routes.on(.get, "/authorization/subjects/me", needs: nil) { _, _ in try Response(json: subject) }
        routes.on(.get, "/organizations/me", needs: nil) { _, _ in
            try Response(json: OrganizationInfo(id: organization.id, name: organization.name))
        }
    }

    private var tokenInfo: TokenInfo {
        TokenInfo(
            organization: organization,
            homeOrganization: organization,
            client: Client(
                id: core.options.clientID,
                name: "Contact loader",
                roleDivisions: [
                    Client.RoleDivision(roleId: Self.roleID, divisionId: Organization.divisionID)
                ],
                organization: organization
            )
        )
    }

    /// One grant, whose role has the configured permissions, a policy for each entity.
    private var subject: Subject {
        let permissions = core.options.permissions.sorted().map { $0.split(separator: ":").map(String.init) }
        let byEntity = Dictionary(grouping: permissions.filter { $0.count == 3 }) { [$0[0], $0[1]] }
        let policies = byEntity.sorted { $0.key.joined() < $1.key.joined() }.map { entity, permissions in
            Policy(domain: entity[0], entityName: entity[1], actions: permissions.map { $0[2] })
        }
        let grant = Grant(
            subjectId: core.options.clientID,
            division: Entity(id: Organization.divisionID, name: "Home"),
            role: Role(id: Self.roleID, name: "Contact loader", policies: policies)
        )
        return Subject(
            id: core.options.clientID,
            name: "Contact loader",
            grants: policies.isEmpty ? [] : [grant],
            selfUri: "/api/v2/authorization/subjects/\(core.options.clientID)"
        )
    }
}
