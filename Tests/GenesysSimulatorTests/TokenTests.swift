import Foundation
import GenesysSimulator
import Testing

@Suite struct TokenTests {
    private static let basic = [
        "Authorization": "Basic " + Data("rollcall-simulator:rollcall-simulator-secret".utf8).base64EncodedString()
    ]

    @Test func aTokenIsGivenForBasicCredentialsAndAFormGrant() async throws {
        try await withSimulator { simulator, client in
            let anonymous = TestClient(baseURL: simulator.baseURL)
            let answer = try await anonymous.send(
                .post,
                "/oauth/token",
                body: "grant_type=client_credentials",
                type: "application/x-www-form-urlencoded",
                headers: Self.basic
            )
            #expect(answer.status == 200)
            #expect(answer["token_type"] == "bearer")
            #expect(answer.object["expires_in"] as? Int == 86_400)
            #expect(answer["access_token"] != client.token)
            #expect(simulator.statistics.tokensIssued == 2)
        }
    }

    @Test func aTokenIsGivenForAGrantInTheQuery() async throws {
        try await withSimulator { simulator, _ in
            let anonymous = TestClient(baseURL: simulator.baseURL)
            let path = "/oauth/token?grant_type=client_credentials"
            let answer = try await anonymous.send(.post, path, headers: Self.basic)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        ("stranger:rollcall-simulator-secret", "client not found"),
        ("rollcall-simulator:guess", "authentication failed"),
    ])
    func wrongCredentialsAreRefusedInTheLoginHostsWords(credentials: String, description: String) async throws {
        try await withSimulator { simulator, client in
            let headers = ["Authorization": "Basic " + Data(credentials.utf8).base64EncodedString()]
            let path = "/oauth/token?grant_type=client_credentials"
            let answer = try await client.send(.post, path, headers: headers)
            #expect(answer.status == 401)
            #expect(answer["error"] == "invalid_client")
            #expect(answer["description"] == description)
            #expect(answer["error_description"] == description)
            simulator.behaviour.tokenErrorStatus = .badRequest
            #expect(try await client.send(.post, path, headers: headers).status == 400)
        }
    }

    @Test func anotherGrantIsRefused() async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(.post, "/oauth/token?grant_type=password", headers: Self.basic)
            #expect(answer.status == 400)
            #expect(answer["error"] == "unsupported_grant_type")
        }
    }

    @Test func aRequestNeedsAGoodToken() async throws {
        try await withSimulator { _, client in
            var other = client
            other.token = nil
            let without = try await other.send(.get, "/api/v2/tokens/me")
            #expect(without.refusal == Refusal(401, "authentication.required"))
            other.token = "made-up"
            let madeUp = try await other.send(.get, "/api/v2/tokens/me")
            #expect(madeUp.refusal == Refusal(401, "bad.credentials"))
            let lowercase = ["Authorization": "bearer \(client.token ?? "")"]
            #expect(try await other.send(.get, "/api/v2/tokens/me", headers: lowercase).status == 200)
        }
    }

    @Test func aTokenEndsWithItsLifetime() async throws {
        let clock = ManualClock()
        try await withSimulator {
            $0.clock = clock
            $0.tokenLifetime = .seconds(300)
        } _: { _, client in
            clock.advance(by: .seconds(299))
            let inTime = try await client.send(.get, "/api/v2/tokens/me")
            clock.advance(by: .seconds(1))
            let late = try await client.send(.get, "/api/v2/tokens/me")
            #expect(inTime.status == 200)
            #expect(late.refusal == Refusal(401, "bad.credentials"))
        }
    }

    @Test func aRevokedTokenIsNoLongerGood() async throws {
        try await withSimulator { _, client in
            let revoked = try await client.send(.delete, "/api/v2/tokens/me")
            let late = try await client.send(.get, "/api/v2/tokens/me")
            #expect(revoked.status == 200)
            #expect(late.refusal == Refusal(401, "bad.credentials"))
        }
    }

    @Test func aTokenTellsItsOrganizationAndClient() async throws {
        try await withSimulator { _, client in
            let info = try await client.send(.get, "/api/v2/tokens/me")
            let organization = try await client.send(.get, "/api/v2/organizations/me")
            let oauthClient = try #require(info.object["OAuthClient"] as? [String: Any])
            #expect(oauthClient["id"] as? String == "rollcall-simulator")
            #expect((info.object["organization"] as? [String: Any])?["id"] as? String == organization["id"])
            #expect(organization["name"]?.isEmpty == false)
        }
    }

    @Test func theGrantsOfASubjectAreThePermissionsOfTheClient() async throws {
        try await withSimulator {
            $0.permissions = ["outbound:contact:view", "outbound:contact:add", "outbound:contactList:view"]
        } _: { _, client in
            let subject = try await client.send(.get, "/api/v2/authorization/subjects/me")
            let grants = try #require(subject.object["grants"] as? [[String: Any]])
            let role = try #require(grants.first?["role"] as? [String: Any])
            let policies = try #require(role["policies"] as? [[String: Any]])
            #expect(policies.map { $0["entityName"] as? String } == ["contact", "contactList"])
            #expect(policies.map { $0["actions"] as? [String] } == [["add", "view"], ["view"]])
            #expect(policies.allSatisfy { $0["domain"] as? String == "outbound" })
        }
    }

    @Test(arguments: [
        (TestClient.Method.post, "/contactlists", "outbound:contactList:add"),
        (.get, "/contactlists", "outbound:contactList:view"),
        (.put, "/contactlists/x", "outbound:contactList:edit"),
        (.delete, "/contactlists/x", "outbound:contactList:delete"),
        (.post, "/contactlists/x/contacts", "outbound:contact:add"),
        (.get, "/contactlists/x/contacts/y", "outbound:contact:view"),
        (.post, "/contactlists/x/contacts/bulk", "outbound:contact:view"),
        (.post, "/contactlists/x/contacts/search", "outbound:contact:view"),
        (.put, "/contactlists/x/contacts/y", "outbound:contact:edit"),
        (.delete, "/contactlists/x/contacts/y", "outbound:contact:delete"),
        (.delete, "/contactlists/x/contacts?contactIds=y", "outbound:contact:delete"),
    ])
    func anOperationNamesThePermissionItMisses(method: TestClient.Method, path: String, permission: String) async throws
    {
        try await withSimulator {
            $0.permissions.remove(permission)
        } _: { _, client in
            let answer = try await client.send(method, "/api/v2/outbound\(path)")
            let text =
                "Unable to perform the requested action. You must have at least one of the following permissions assigned: "
            #expect(answer.refusal == Refusal(403, "missing.any.permissions"))
            #expect(answer["message"] == text + "[\(permission)]")
            #expect(answer["messageWithParams"] == text + "{permissions}")
            #expect(answer.object["messageParams"] as? [String: String] == ["permissions": "[\(permission)]"])
            #expect(answer["contextId"] == answer.header("ININ-Correlation-Id"))
        }
    }
}
