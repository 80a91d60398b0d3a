import Testing

@testable import GenesysSimulator

@Suite struct TokenRegistryTests {
    private func isEarly(_ registry: inout TokenRegistry, _ token: String, _ seconds: Int) -> Bool? {
        registry.admit(token, at: .seconds(seconds))?.isEarly
    }

    @Test func onlyRequestsReceivedDuringTheWaitAreEarly() {
        var registry = TokenRegistry()
        let token = registry.issue(at: .zero, until: .seconds(900), requestsPerMinute: 0)
        registry.expectQuiet(from: token, during: .seconds(10)..<(.seconds(20)))
        #expect(isEarly(&registry, token, 9) == false)
        #expect(isEarly(&registry, token, 10) == true)
        #expect(isEarly(&registry, token, 19) == true)
        #expect(isEarly(&registry, token, 20) == false)
    }

    @Test func aShorterWaitDoesNotEndALongerOne() {
        var registry = TokenRegistry()
        let token = registry.issue(at: .zero, until: .seconds(900), requestsPerMinute: 0)
        registry.expectQuiet(from: token, during: .seconds(10)..<(.seconds(40)))
        registry.expectQuiet(from: token, during: .seconds(11)..<(.seconds(12)))
        #expect(isEarly(&registry, token, 39) == true)
        registry.expectQuiet(from: token, during: .seconds(60)..<(.seconds(62)))
        #expect(isEarly(&registry, token, 59) == false)
        #expect(isEarly(&registry, token, 61) == true)
    }
}
