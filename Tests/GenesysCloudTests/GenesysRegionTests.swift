import GenesysCloud
import Testing

@Suite struct GenesysRegionTests {
    @Test(arguments: ["eu-west-1", "EU-West-1", "mypurecloud.ie", "MyPureCloud.ie"])
    func aRegionIsFoundByNameOrDomain(text: String) throws {
        let region = try GenesysRegion(text)
        #expect(region.name == "eu-west-1")
        #expect(region.endpoint.apiURL == "https://api.mypurecloud.ie")
        #expect(region.endpoint.loginURL == "https://login.mypurecloud.ie")
    }

    @Test func everyRegionIsFoundByItsNameAndItsDomain() throws {
        #expect(GenesysRegion.all.count == 18)
        for region in GenesysRegion.all {
            #expect(try GenesysRegion(region.name) == region)
            #expect(try GenesysRegion(region.domain) == region)
        }
    }

    @Test(arguments: [
        ("eu-wst-1", "did you mean \"eu-west-1\"?"),
        ("mypurcloud.ie", "did you mean \"mypurecloud.ie\"?"),
        ("apne-2.pure.cloud", "did you mean \"apne2.pure.cloud\"?"),
    ])
    func aSlipIsAnsweredWithTheNearestRegion(text: String, guess: String) throws {
        let error = try #require(#expect(throws: GenesysError.self) { try GenesysRegion(text) })
        #expect(error.kind == .misconfigured)
        #expect(error.description.contains("\"\(text)\", \(guess)"))
        #expect(error.description.contains("`base_url`"))
    }

    @Test(arguments: ["", "Ireland", "https://example.com"])
    func aFarOffNameIsNotGuessed(text: String) throws {
        let error = try #require(#expect(throws: GenesysError.self) { try GenesysRegion(text) })
        #expect(!error.description.contains("did you mean"))
        #expect(error.description.contains("`base_url`"))
    }

    @Test func aBaseURLIsTheHostOfBothServices() {
        let endpoint = GenesysEndpoint(baseURL: "http://127.0.0.1:8080/")
        #expect(endpoint == GenesysEndpoint(apiURL: "http://127.0.0.1:8080", loginURL: "http://127.0.0.1:8080"))
    }
}
