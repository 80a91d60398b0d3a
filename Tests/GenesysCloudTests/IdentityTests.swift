import GenesysCloud
import HTTPTestSupport
import Testing

@Suite struct IdentityTests {
    @Test func theTokenTellsItsOrganisationAndClient() async throws {
        let body =
            #"{"organization":{"id":"o1","name":"Acme"},"OAuthClient":{"id":"c1","name":"crm","state":"active","#
            + #""roleDivisions":[{"roleId":"r1","divisionId":"d1"}]}}"#
        let genesys = try FakeGenesys(Reply(200, body))
        let info = try await genesys.client().currentToken()
        #expect(info.organization?.name == "Acme")
        #expect(info.oauthClient?.state == "active")
        #expect(info.oauthClient?.roleDivisions?.map(\.divisionId) == ["d1"])
        #expect(genesys.calls.first?.target == "/api/v2/tokens/me")
    }

    @Test func aTokenWithoutDetailsIsATokenAllTheSame() async throws {
        let genesys = try FakeGenesys(Reply(200, "{}"))
        let info = try await genesys.client().currentToken()
        #expect(info.organization == nil)
        #expect(info.oauthClient == nil)
    }

    @Test func grantsTellThePermissions() async throws {
        let body =
            #"{"id":"c1","grants":[{"division":{"id":"*","name":"All"},"role":{"id":"r1","name":"Loader","#
            + #""policies":[{"domain":"outbound","entityName":"contact","actions":["add","view"]}]}}]}"#
        let genesys = try FakeGenesys(Reply(200, body))
        let grants = try await genesys.client().grants()
        #expect(grants.first?.division?.id == "*")
        #expect(grants.first?.role?.policies?.first?.actions == ["add", "view"])
        #expect(genesys.calls.first?.target == "/api/v2/authorization/subjects/me")
    }
}
