import HTTPTypes

extension HTTPField.Name {
    static let correlationID = known("ININ-Correlation-Id")
    static let rateLimitCount = known("inin-ratelimit-count")
    static let rateLimitAllowed = known("inin-ratelimit-allowed")
    static let rateLimitReset = known("inin-ratelimit-reset")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a header name") }
        return name
    }
}
