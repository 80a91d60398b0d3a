internal import CurlHTTP
internal import Foundation

/// One request of the API, before it has a host and a token.
struct APICall {
    /// What it is for, in words: "adding contacts".
    let operation: String
    let method: HTTPMethod
    /// Below `/api/v2/`, with every variable part percent-encoded, see `pathSegment`.
    let path: String
    let query: [(name: String, value: String)]
    let body: [UInt8]
    /// Whether sending it twice has the effect of sending it once.
    let isRepeatable: Bool

    init(
        _ operation: String,
        _ method: HTTPMethod = .get,
        path: String,
        query: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        isRepeatable: Bool = true
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.isRepeatable = isRepeatable
    }

    func request(_ configuration: GenesysConfiguration, _ token: AccessToken) -> HTTPRequest {
        var url = "\(configuration.endpoint.apiURL)/api/v2/\(path)"
        for (index, field) in query.enumerated() {
            url += "\(index == 0 ? "?" : "&")\(field.name)=\(Self.encoded(field.value))"
        }
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token.value)", "Accept": "application/json"]
        if method != .get {
            headers["Content-Type"] = "application/json"
        }
        return HTTPRequest(
            method: method,
            url: url,
            headers: headers,
            body: body,
            timeout: configuration.requestTimeout,
            connectTimeout: configuration.connectTimeout,
            mayBeResent: isRepeatable
        )
    }

    /// What may be tried after the refusal: a call that is not repeatable only if it certainly had no effect.
    func allowed(_ refusal: Refusal) -> RetryPlan.Remedy {
        isRepeatable || !refusal.error.mayHaveTakenEffect ? refusal.remedy : .none
    }

    /// A variable part of a path: it stays one part, whatever it contains.
    static func pathSegment(_ text: String) -> String {
        encoded(text)
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}

/// Reads a JSON answer.
func decode<Value: Decodable>(
    _ type: Value.Type,
    from answer: HTTPResponse,
    operation: String,
    expected: String
) throws -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(answer.body))
    } catch {
        throw unexpectedAnswer(answer, operation: operation, expected: expected)
    }
}

/// The error for a success whose body is not what the API documents.
func unexpectedAnswer(_ answer: HTTPResponse, operation: String, expected: String) -> GenesysError {
    let type = answer.headers["Content-Type"].map { " (\($0))" } ?? ""
    return GenesysError(
        operation: operation,
        kind: .unexpectedAnswer,
        message: "\(statusName(answer.status)), but \(answer.body.count) bytes\(type) that are not \(expected)",
        hint: "check that the address is that of the API, and that no proxy answers in its place",
        status: answer.status,
        correlationID: correlationID(of: answer),
        mayHaveTakenEffect: true
    )
}
