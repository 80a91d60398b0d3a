import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// `POST /oauth/token`: the one grant an integration uses, client credentials.
struct TokenEndpoint {
    static let path = "/oauth/token"

    private struct Grant: Encodable {
        let accessToken: String
        let tokenType = "bearer"
        let expiresIn: Int64

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case expiresIn = "expires_in"
        }
    }

    /// The login host's errors are not those of the API.
    private struct Refusal: Encodable {
        let error: String
        let description: String
        let errorDescription: String

        init(_ error: String, _ description: String) {
            self.error = error
            self.description = description
            errorDescription = description
        }

        private enum CodingKeys: String, CodingKey {
            case error
            case description
            case errorDescription = "error_description"
        }
    }

    let core: SimulatorCore

    func addRoutes(to router: Router<SimulatorContext>) {
        router.post(RouterPath(Self.path)) { request, context in
            try issue(request, body: context.bodyBytes)
        }
    }

    /// What the login host answers to too many token requests; it does not use 429.
    static func rateLimited() throws -> Response {
        try Response(json: Refusal("invalid_request", "rate limit exceeded; try again later"), status: .badRequest)
    }

    private func issue(_ request: Request, body: [UInt8]) throws -> Response {
        let query = Query(request)
        let form = Query(String(decoding: body, as: UTF8.self))
        guard form.text("grant_type") ?? query.text("grant_type") == "client_credentials" else {
            return try Response(
                json: Refusal("unsupported_grant_type", "grant_type must be client_credentials"),
                status: .badRequest
            )
        }
        let basic = Self.basicCredentials(request)
        let id = basic?.id ?? form.text("client_id") ?? query.text("client_id")
        let secret = basic?.secret ?? form.text("client_secret") ?? query.text("client_secret")
        guard id == core.options.clientID else { return try refuse("client not found") }
        guard secret == core.options.clientSecret else { return try refuse("authentication failed") }
        let now = core.timeline.elapsed()
        let lifetime = core.options.tokenLifetime
        let limit = core.options.requestsPerMinute
        let token = core.tokens.withLock { $0.issue(at: now, until: now + lifetime, requestsPerMinute: limit) }
        core.statistics.withLock { $0.tokensIssued += 1 }
        return try Response(json: Grant(accessToken: token, expiresIn: lifetime.components.seconds))
    }

    private func refuse(_ description: String) throws -> Response {
        let status = core.behaviour.withLock { $0.tokenErrorStatus }
        return try Response(
            json: Refusal("invalid_client", description),
            status: HTTPResponse.Status(code: status.rawValue)
        )
    }

    private static func basicCredentials(_ request: Request) -> (id: String, secret: String)? {
        let parts = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "basic" else { return nil }
        guard let data = Data(base64Encoded: String(parts[1])) else { return nil }
        let pair = String(decoding: data, as: UTF8.self).split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        return pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
    }
}
