import HTTPTypes
import Hummingbird

/// A refusal in the terms of the service.
struct APIError: Error {
    /// The limit that a request broke.
    struct Limit: Encodable {
        var key: String
        var namespace: String
        var value: Int
    }

    let status: HTTPResponse.Status
    let code: String
    let message: String
    var messageWithParams: String?
    var messageParams: [String: String]?
    var limit: Limit?
    /// What `Retry-After` says.
    var retryAfterSeconds: Int?

    init(_ status: HTTPResponse.Status, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func badRequest(_ code: String, _ message: String, limit: Limit? = nil) -> APIError {
        var error = APIError(.badRequest, code: code, message: message)
        error.limit = limit
        return error
    }

    static func tooManyContacts(_ what: String, limit: Int) -> APIError {
        badRequest("too.many.contacts.\(what)", "Too many contacts \(what), the limit is \(limit)")
    }

    static func tooManyRequests(retryAfterSeconds seconds: Int) -> APIError {
        var error = APIError(
            .tooManyRequests,
            code: "too.many.requests.retry.after",
            message: "Rate limit exceeded the maximum. Retry the request in [\(seconds)] seconds"
        )
        error.retryAfterSeconds = seconds
        return error
    }

    static func missing(permission: String) -> APIError {
        let text =
            "Unable to perform the requested action. You must have at least one of the following permissions assigned: "
        var error = APIError(.forbidden, code: "missing.any.permissions", message: "\(text)[\(permission)]")
        error.messageWithParams = text + "{permissions}"
        error.messageParams = ["permissions": "[\(permission)]"]
        return error
    }

    static func missing(allOf permissions: [String]) -> APIError {
        let text =
            "Unable to perform the requested action. You must have all of the following permissions assigned: "
        let names = "[\(permissions.joined(separator: ", "))]"
        var error = APIError(.forbidden, code: "missing.permissions", message: text + names)
        error.messageWithParams = text + "{permissions}"
        error.messageParams = ["permissions": names]
        return error
    }

    static let authenticationRequired = APIError(
        .unauthorized,
        code: "authentication.required",
        message: "No authentication bearer token specified in authorization header."
    )
    static let badCredentials = APIError(.unauthorized, code: "bad.credentials", message: "Invalid login credentials.")
    static let notFound = APIError(.notFound, code: "not.found", message: "The requested resource was not found.")
    static let resourceNotFound = APIError(
        .notFound,
        code: "resource.not.found",
        message: "The resource could not be found."
    )
    static let contactListNotFound = APIError(
        .notFound,
        code: "contact.list.not.found",
        message: "The contact list could not be found."
    )
    static let unsupportedMediaType = APIError(
        .unsupportedMediaType,
        code: "unsupported.media.type",
        message: "The request's Content-Type must be application/json."
    )
    static let bodyTooLarge = APIError(
        .contentTooLarge,
        code: "response.entity.too.large",
        message: "The request body is too large."
    )
    static let unexpected = APIError(
        .internalServerError,
        code: "internal.server.error",
        message: "The server encountered an unexpected condition which prevented it from fulfilling the request."
    )
    static let serviceUnavailable = APIError(
        .serviceUnavailable,
        code: "service.unavailable",
        message:
            "Service Unavailable - The server is currently unavailable (because it is overloaded or down for maintenance)."
    )
    static let requestTimeout = APIError(.gatewayTimeout, code: "request.timeout", message: "The request timed out.")

    /// The answer, with the service's error body.
    func response(correlationID: String) throws -> Response {
        let body = Body(
            message: message,
            code: code,
            status: status.code,
            messageWithParams: messageWithParams,
            messageParams: messageParams,
            contextId: correlationID,
            limit: limit
        )
        var response = try Response(json: body, status: status)
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        return response
    }

    /// The service's `ErrorBody`.
    private struct Body: Encodable {
        let message: String
        let code: String
        let status: Int
        let messageWithParams: String?
        let messageParams: [String: String]?
        let contextId: String
        var details: [String] = []
        var errors: [String] = []
        let limit: Limit?
    }
}
