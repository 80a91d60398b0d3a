internal import CurlHTTP
internal import Foundation

/// Asks the token service for an access token (OAuth 2.0 client credentials).
struct TokenRequest: Sendable {
    private struct Granted: Decodable {
        let accessToken: String
        let lifetimeSeconds: Int

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case lifetimeSeconds = "expires_in"
        }
    }

    /// The token service has error bodies of its own.
    private struct Denied: Decodable {
        let error: String?
        let description: String?

        private enum CodingKeys: String, CodingKey {
            case error
            case description = "error_description"
        }
    }

    private static let operation = "getting an access token"
    private static let credentialsHint =
        "check GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, that the OAuth client is active and of the "
        + "type Client Credentials, and that it belongs to the organisation of this region"

    let http: HTTPClient
    let request: HTTPRequest
    let timeline: Timeline

    init(http: HTTPClient, configuration: GenesysConfiguration, timeline: Timeline) {
        let pair = "\(configuration.credentials.clientID):\(configuration.credentials.clientSecret)"
        request = HTTPRequest(
            method: .post,
            url: configuration.endpoint.loginURL + "/oauth/token",
            headers: [
                "Authorization": "Basic \(Data(pair.utf8).base64EncodedString())",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            ],
            body: Array("grant_type=client_credentials".utf8),
            timeout: configuration.requestTimeout,
            connectTimeout: configuration.connectTimeout
        )
        self.http = http
        self.timeline = timeline
    }

    /// One attempt.
    func send() async throws -> Retrier.Attempt<AccessToken> {
        let sentAt = timeline.now
        let answer: HTTPResponse
        do {
            answer = try await http.send(request)
        } catch let failure as HTTPError {
            let refusal = Refusal(failure, operation: Self.operation)
            return .failed(refusal.error, refusal.remedy)
        }
        guard answer.status == 200 else { return failure(answer) }
        guard let granted = try? JSONDecoder().decode(Granted.self, from: Data(answer.body)),
            !granted.accessToken.isEmpty, granted.lifetimeSeconds > 0
        else { throw unexpectedAnswer(answer, operation: Self.operation, expected: "an access token") }
        return .succeeded(
            AccessToken(value: granted.accessToken, lifetime: .seconds(granted.lifetimeSeconds), now: sentAt)
        )
    }

    private func failure(_ answer: HTTPResponse) -> Retrier.Attempt<AccessToken> {
        let denied = try? JSONDecoder().decode(Denied.self, from: Data(answer.body))
        let code = denied?.error.flatMap(ErrorBody.name)
        // Too many token requests are reported with 400, not 429.
        let isRateLimit = code == "invalid_request" && denied?.description?.hasPrefix("rate limit exceeded") == true
        let (meaning, remedy) = Refusal.meaning(of: answer)
        let kind: GenesysError.Kind =
            if isRateLimit {
                .unavailable
            } else if code == "invalid_client" || meaning == .forbidden || meaning == .refused {
                .unauthorized
            } else {
                meaning
            }
        let error = GenesysError(
            operation: Self.operation,
            kind: kind,
            message: statusName(answer.status) + (code.map { " \($0)" } ?? "")
                + (isRateLimit ? ", the rate limit for tokens is exceeded" : ""),
            hint: kind == .unauthorized ? Self.credentialsHint : nil,
            status: answer.status,
            code: code,
            correlationID: correlationID(of: answer),
            serverMessage: denied?.description
        )
        return .failed(error, isRateLimit ? .waitForLimit(answer.headers.retryAfter) : remedy)
    }
}
