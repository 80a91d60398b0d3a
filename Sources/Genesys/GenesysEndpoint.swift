/// Where the API and its token service are reached.
public struct GenesysEndpoint: Sendable, Equatable {
    /// The API, for example `https://api.mypurecloud.ie`; without a slash at the end.
    public let apiURL: String
    /// The token service, for example `https://login.mypurecloud.ie`; without a slash at the end.
    public let loginURL: String

    public init(apiURL: String, loginURL: String) {
        self.apiURL = Self.withoutSlash(apiURL)
        self.loginURL = Self.withoutSlash(loginURL)
    }

    /// Both services at one address: a simulator, or a gateway of one's own.
    public init(baseURL: String) {
        self.init(apiURL: baseURL, loginURL: baseURL)
    }

    private static func withoutSlash(_ url: String) -> String {
        url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
